-- purpose: What other areas, such as the whole province, stand at in a period: the figure of that very period, else the
--   latest figure of that year or before, but none of a later month or quarter. Scored indicators only.
-- params:
--   $period VARCHAR  a ranked period
-- columns:
--   area_name       VARCHAR  the area; the one with the most figures first
--   indicator_code  VARCHAR  scored indicator
--   value           DOUBLE   in the indicator's unit
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
)

select
    latest.area_name,
    latest.indicator_code,
    latest.value,
    criterion.max_points,
    latest.measured_period,
    latest.source_id
from latest
inner join criterion on latest.year = criterion.year and latest.indicator_code = criterion.indicator_code
order by count(*) over (partition by latest.area_name) desc, latest.area_name collate vi, latest.indicator_code
