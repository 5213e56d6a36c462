-- purpose: The tree of themes under its root, total, with the depth of each node.
-- columns:
--   node_code   VARCHAR  theme code, or total
--   parent_code VARCHAR  null for total
--   depth       INTEGER  0 = total
--   aggregation VARCHAR  how the children combine
--   weight      DOUBLE   multiplies the node's score in its parent
--   position    INTEGER  order among its siblings
--   path        VARCHAR  sorts the tree as it is read
-- reads: block, theme
with recursive tree as (
    select
        'total' as node_code,
        null::varchar as parent_code,
        0 as depth,
        block.aggregation,
        1.0::double as weight,
        0 as position,
        '' as path
    from block
    union all
    select
        theme.theme_code as node_code,
        tree.node_code as parent_code,
        tree.depth + 1 as depth,
        theme.aggregation,
        theme.weight,
        theme.position,
        tree.path || '/' || lpad(theme.position::varchar, 6, '0') || theme.theme_code as path
    from theme
    inner join tree on coalesce(theme.parent_code, 'total') = tree.node_code
)

select * from tree
