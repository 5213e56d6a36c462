-- purpose: What one unit measured on each scored indicator, period by period, with the median of all members beside it.
--   A figure stands in the period it was first taken for: one that is only carried on is no new measurement.
-- params:
--   $unit   VARCHAR  official code
--   $since  VARCHAR  first ranked period
--   $period VARCHAR  last ranked period
-- columns:
--   indicator_code VARCHAR  see indicators.csv
--   period         VARCHAR  ranked period
--   value          DOUBLE   in the indicator's unit, or null
--   median         DOUBLE   of all members that measured it, or null
--   status         VARCHAR  the weakest of these figures
-- reads: raw, scored_period
with wanted as (
    select
        scored_period.period,
        scored_period.ends_on
    from scored_period
    inner join scored_period as first_period on first_period.period = $since
    inner join scored_period as last_period on last_period.period = $period
    where scored_period.ends_on between first_period.ends_on and last_period.ends_on
),

measured as (
    select
        raw.unit_code,
        raw.indicator_code,
        raw.period,
        raw.value,
        raw.status,
        wanted.ends_on
    from raw
    inner join wanted on raw.period = wanted.period
    where raw.value is not null
    qualify row_number() over (
        partition by raw.unit_code, raw.indicator_code, raw.measured_period
        order by wanted.ends_on
    ) = 1
),

final as (
    select
        indicator_code,
        period,
        ends_on,
        max(value) filter (where unit_code = $unit) as value,
        median(value) as median,
        status_of(min(strength_of(status))) as status
    from measured
    group by all
)

select
    indicator_code,
    period,
    value,
    median,
    status
from final
order by indicator_code, ends_on
