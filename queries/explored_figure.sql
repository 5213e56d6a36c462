-- purpose: The figures of the ranked periods in a range, in the reader's words, one row a unit, indicator and period.
--   For a scored indicator the figure that counts in the period, however old, and a row for a missing one; for others
--   what was measured in that very period.
-- params:
--   $since     VARCHAR    first ranked period
--   $period    VARCHAR    last ranked period
--   $unit      VARCHAR[]  unit codes; an empty list means all members
--   $indicator VARCHAR[]  indicator codes; an empty list means all
--   $cluster   VARCHAR    one group of neighbouring members; empty means all
--   $language  VARCHAR    a code of locales/languages.toml
-- columns:
--   period          VARCHAR  ranked period
--   unit_code       VARCHAR  member
--   unit_name       VARCHAR  in the language asked for
--   cluster         VARCHAR  or null
--   node_code       VARCHAR  theme of the indicator
--   indicator_code  VARCHAR  see indicators.csv
--   indicator_name  VARCHAR  in the language asked for
--   value           DOUBLE   in the indicator's unit, or null
--   unit            VARCHAR  of measure
--   decimals        INTEGER  the value is written with
--   numerator       DOUBLE   count, or null
--   denominator     DOUBLE   count, or null
--   points          DOUBLE   or null
--   max_points      DOUBLE   null where the indicator is not scored in that year
--   measured_period VARCHAR  what the figure measures; null where there is none
--   status          VARCHAR  likewise
--   source_id       VARCHAR  likewise
-- reads: indicator, node, normalised, raw, scored_period, unit, value
with wanted as (
    select scored_period.*
    from scored_period
    inner join scored_period as first_period on first_period.period = $since
    inner join scored_period as last_period on last_period.period = $period
    where scored_period.ends_on between first_period.ends_on and last_period.ends_on
),

scored as (
    select
        raw.period,
        raw.unit_code,
        raw.indicator_code,
        raw.value,
        raw.numerator,
        raw.denominator,
        normalised.points,
        normalised.max_points,
        raw.measured_period,
        raw.status,
        raw.source_id
    from raw
    inner join wanted on raw.period = wanted.period
    inner join normalised
        on
            raw.period = normalised.period
            and raw.unit_code = normalised.unit_code
            and raw.indicator_code = normalised.indicator_code
),

unscored as (
    select
        value.period,
        value.unit_code,
        value.indicator_code,
        value.value,
        value.numerator,
        value.denominator,
        null::double as points,
        null::double as max_points,
        value.period as measured_period,
        value.status,
        value.source_id
    from value
    inner join wanted on value.period = wanted.period
    anti join scored
        on
            value.period = scored.period
            and value.unit_code = scored.unit_code
            and value.indicator_code = scored.indicator_code
),

together as (
    select * from scored
    union all
    select * from unscored
)

select
    together.period,
    together.unit_code,
    in_language(unit.name, $language) as unit_name,
    unit.cluster,
    indicator.theme_code as node_code,
    together.indicator_code,
    in_language(indicator.name, $language) as indicator_name,
    together.value,
    indicator.unit,
    indicator.decimals,
    together.numerator,
    together.denominator,
    together.points,
    together.max_points,
    together.measured_period,
    together.status,
    together.source_id
from together
inner join wanted on together.period = wanted.period
inner join unit on together.unit_code = unit.unit_code
inner join indicator on together.indicator_code = indicator.indicator_code
inner join node on indicator.theme_code = node.node_code
where
    unit.is_member
    and (len($unit) = 0 or list_contains($unit, together.unit_code))
    and (len($indicator) = 0 or list_contains($indicator, together.indicator_code))
    and ($cluster = '' or unit.cluster = $cluster)
order by wanted.ends_on desc, node.path, together.indicator_code, unit_name collate vi, together.unit_code
