-- purpose: What the themes just below a node contribute to it over a quarter or year: means as in span_ranking.
-- params:
--   $kind   VARCHAR  quarter or year
--   $span   VARCHAR  such as 2026-Q3 or 2026
--   $parent VARCHAR  theme code, or total
-- columns:
--   unit_code   VARCHAR  official code
--   node_code   VARCHAR  theme code
--   score       DOUBLE   mean of the periods' points, or null
--   max_score   DOUBLE   mean of the points that can be had
--   coverage    DOUBLE   mean over all its periods, 0 to 1
--   rank        BIGINT   within the theme, or null
--   status      VARCHAR  the weakest status among its figures, or null
--   is_finished BOOLEAN  the block's figures of the theme are complete enough
-- reads: block, node, score, span_period
with spanned as (
    select
        score.* exclude (is_finished),
        node.path,
        bool_or(span_period.is_finished) over ()
        and is_enough(avg(score.coverage) over (partition by score.node_code), block.leading_coverage) as is_finished
    from score
    inner join node on score.node_code = node.node_code
    inner join span_period on score.period = span_period.period
    cross join block
    where
        node.parent_code = $parent
        and span_period.kind = $kind
        and span_period.is_counted
        and span_period.span = $span
    qualify
        max(span_period.position) over (partition by score.unit_code) = max(span_period.position) over ()
),

meaned as (
    select
        unit_code,
        node_code,
        path,
        case when count(score) > 0 then avg(counted_score) end as score,
        avg(max_score) as max_score,
        avg(coverage) as coverage,
        min(strength_of(status)) as weakest,
        bool_and(is_finished) as is_finished
    from spanned
    group by unit_code, node_code, path
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
    status_of(weakest) as status,
    is_finished
from meaned
order by path, rank nulls last, unit_code
