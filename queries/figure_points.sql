-- purpose: Every figure of a period with the points it earned. Scored indicators show a line for a missing figure too;
--   other figures of that period follow without points.
-- params:
--   $period    VARCHAR    a ranked period, or any period that holds figures
--   $unit      VARCHAR[]  unit codes; an empty list means all
--   $indicator VARCHAR[]  indicator codes; an empty list means all
-- columns:
--   unit_code       VARCHAR  official code
--   indicator_code  VARCHAR  see indicators.csv
--   period          VARCHAR  the period asked for
--   value           DOUBLE   in the indicator's unit, or null
--   numerator       DOUBLE   count, or null
--   denominator     DOUBLE   count, or null
--   points          DOUBLE   or null
--   max_points      DOUBLE   null where the indicator is not scored
--   status          VARCHAR  null where there is no line for it
--   source_id       VARCHAR  likewise
--   measured_period VARCHAR  what the figure measures, where it is older or finer than the period
--   age_months      BIGINT   months between the two
-- reads: indicator, node, normalised, raw, value
with scored as (
    select
        raw.unit_code,
        raw.indicator_code,
        raw.period,
        raw.value,
        raw.numerator,
        raw.denominator,
        normalised.points,
        normalised.max_points,
        raw.status,
        raw.source_id,
        raw.measured_period,
        raw.age_months
    from raw
    inner join normalised using (period, unit_code, indicator_code)
    where raw.period = $period
),

unscored as (
    select
        value.unit_code,
        value.indicator_code,
        value.period,
        value.value,
        value.numerator,
        value.denominator,
        null::double as points,
        null::double as max_points,
        value.status,
        value.source_id,
        value.period as measured_period,
        0::bigint as age_months
    from value
    anti join scored using (unit_code, indicator_code)
    where value.period = $period
),

together as (
    select * from scored
    union all
    select * from unscored
)

select together.*
from together
inner join indicator on together.indicator_code = indicator.indicator_code
inner join node on indicator.theme_code = node.node_code
where
    (len($unit) = 0 or list_contains($unit, together.unit_code))
    and (len($indicator) = 0 or list_contains($indicator, together.indicator_code))
order by together.unit_code, node.path, together.indicator_code
