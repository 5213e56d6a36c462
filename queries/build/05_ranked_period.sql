-- purpose: The ranked periods: how complete each is, whether boards open with it, and which one it is compared with. A
--   period is finished once the block's figures cover leading_coverage of the points; the newest such leads.
-- columns:
--   period          VARCHAR  as written in the files
--   year            INTEGER  calendar year, chooses the criteria
--   starts_on       DATE     first day
--   ends_on         DATE     last day
--   position        BIGINT   1 = the first
--   coverage        DOUBLE   0 to 1: mean over the members
--   is_finished     BOOLEAN  coverage reaches leading_coverage
--   is_leading      BOOLEAN  boards open with it: the newest finished one; where none is, the newest
--   previous_period VARCHAR  the finished period before, in any year; null for the first and for an unfinished one
-- reads: aggregated, block, scored_period
with covered as (
    select
        aggregated.period,
        avg(aggregated.coverage) as coverage
    from aggregated
    where aggregated.node_code = 'total'
    group by aggregated.period
),

judged as (
    select
        scored_period.*,
        covered.coverage,
        is_enough(covered.coverage, block.leading_coverage) as is_finished
    from scored_period
    inner join covered on scored_period.period = covered.period
    cross join block
)

select
    judged.period,
    judged.year,
    judged.starts_on,
    judged.ends_on,
    judged.position,
    judged.coverage,
    judged.is_finished,
    judged.position = coalesce(
        max(judged.position) filter (where judged.is_finished) over (), max(judged.position) over ()
    ) as is_leading,
    case
        when judged.is_finished
            then lag(judged.period) over (partition by judged.is_finished order by judged.ends_on)
    end as previous_period
from judged
