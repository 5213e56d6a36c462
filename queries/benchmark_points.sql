-- purpose: What other areas, such as the whole province, stand at in a period: the figure of that very period, else the
--   latest figure of that year or before, but none of a later month or quarter; with the points it would earn by the
--   criteria of the year. Relative rules have no points for an outsider.
-- params:
--   $period VARCHAR  a ranked period
-- columns:
--   area_name       VARCHAR  the area; the one with the most figures first
--   indicator_code  VARCHAR  scored indicator
--   value           DOUBLE   in the indicator's unit
--   points          DOUBLE   or null
--   max_points      DOUBLE   points at the limit
--   measured_period VARCHAR  what the figure measures
--   source_id       VARCHAR  see sources.toml
-- reads: benchmark, criterion, scored_period
with latest as (
    select
        benchmark.area_name,
        benchmark.indicator_code,
        benchmark.value,
        benchmark.period as measured_period,
        benchmark.source_id,
        scored_period.year
    from benchmark
    cross join scored_period
    where
        scored_period.period = $period
        and left(benchmark.period, 4)::integer <= scored_period.year
        and (len(benchmark.period) <> len($period) or benchmark.period <= $period)  -- texts of one kind sort by time
    qualify row_number() over (
        partition by benchmark.area_name, benchmark.indicator_code
        order by benchmark.period = $period desc, benchmark.period desc
    ) = 1
),

ruled as (
    select
        latest.*,
        criterion.rule,
        criterion.max_points,
        criterion.zero_at,
        criterion.full_at
    from latest
    inner join criterion on latest.year = criterion.year and latest.indicator_code = criterion.indicator_code
)

select
    ruled.area_name,
    ruled.indicator_code,
    ruled.value,
    case
        when ruled.rule in ('linear', 'target') and ruled.full_at is not null
            then least(
                greatest(ruled.max_points * (ruled.value - ruled.zero_at) / (ruled.full_at - ruled.zero_at), 0),
                ruled.max_points
            )
        when ruled.rule = 'as_scored' then least(greatest(ruled.value, 0), ruled.max_points)
        when ruled.rule = 'yes_no' then case when ruled.value >= 0.5 then ruled.max_points else 0 end
    end as points,
    ruled.max_points,
    ruled.measured_period,
    ruled.source_id
from ruled
order by count(*) over (partition by ruled.area_name) desc, ruled.area_name collate vi, ruled.indicator_code
