-- purpose: The themes as a tree in reading order, without the root.
-- params:
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   node_code   VARCHAR  theme code
--   parent_code VARCHAR  another theme code, or total
--   depth       INTEGER  1 = top level
--   theme_name  VARCHAR  in the language asked for
--   colour      VARCHAR  #rrggbb, or null
-- reads: node, theme
select
    node.node_code,
    node.parent_code,
    node.depth,
    in_language(theme.name, $language) as theme_name,
    theme.colour
from node
inner join theme on node.node_code = theme.theme_code
order by node.path
