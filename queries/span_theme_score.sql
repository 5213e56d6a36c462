-- purpose: What the themes just below a node contribute to it over a quarter or year: means as in span_ranking.
-- params:
--   $kind   VARCHAR  quarter or year
--   $span   VARCHAR  such as 2026-Q3 or 2026
--   $parent VARCHAR  theme code, or total
-- columns:
--   unit_code VARCHAR  official code
--   node_code VARCHAR  theme code
--   score     DOUBLE   mean of the periods' points, or null
--   max_score DOUBLE   mean of the points that can be had
--   coverage  DOUBLE   mean over all its ranked periods, 0 to 1
--   rank      BIGINT   within the theme, or null
--   status    VARCHAR  the weakest status among its figures, or null
-- reads: node, score, scored_period
with meaned as (
    select
        score.unit_code,
        score.node_code,
        node.path,
        case when count(score.score) > 0 then avg(score.counted_score) end as score,
        avg(score.max_score) as max_score,
        avg(score.coverage) as coverage,
        min(list_position(['demonstration', 'reported', 'verified', 'official'], score.status)) as weakest
    from score
    inner join node on score.node_code = node.node_code
    inner join scored_period on score.period = scored_period.period
    where
        node.parent_code = $parent
        and $span = case $kind
            when 'quarter' then scored_period.year || '-Q' || quarter(scored_period.starts_on)
            else scored_period.year::varchar
        end
    group by score.unit_code, score.node_code, node.path
)

select
    unit_code,
    node_code,
    score,
    max_score,
    coverage,
    case
        when score is not null then rank() over (partition by node_code order by round(score, 9) desc nulls last)
    end as rank,
    ['demonstration', 'reported', 'verified', 'official'][weakest] as status
from meaned
order by path, rank nulls last, unit_code
