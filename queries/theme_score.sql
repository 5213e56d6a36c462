-- purpose: What the themes just below a node contribute to it, for every member in one period.
-- params:
--   $period VARCHAR  a ranked period
--   $parent VARCHAR  theme code, or total
-- columns:
--   unit_code   VARCHAR  official code
--   node_code   VARCHAR  theme code
--   score       DOUBLE   points, or null
--   max_score   DOUBLE   points that can be had
--   coverage    DOUBLE   0 to 1
--   rank        BIGINT   within the theme, or null
--   status      VARCHAR  the weakest status among its figures, or null
--   is_finished BOOLEAN  the block's figures of the theme are complete enough
-- reads: node, score
select
    score.unit_code,
    score.node_code,
    score.score,
    score.max_score,
    score.coverage,
    score.rank,
    score.status,
    score.is_finished
from score
inner join node on score.node_code = node.node_code
where score.period = $period and node.parent_code = $parent
order by node.path, score.rank nulls last, score.unit_code
