-- purpose: The themes as a tree in reading order, without the root.
-- params:
--   $language VARCHAR  vi, en or hi
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
    case $language when 'en' then theme.name_en when 'hi' then theme.name_hi else theme.name_vi end as theme_name,
    theme.colour
from node
inner join theme on node.node_code = theme.theme_code
order by node.path
