-- purpose: The figures that count: one real figure of an indicator, for any unit and period, drops all its
--   demonstration ones.
-- columns:
--   unit_code      VARCHAR  official code
--   indicator_code VARCHAR  see indicator
--   period         VARCHAR  what the figure measures
--   value          DOUBLE   in the indicator's unit; from the counts where they are given; null where unknown
--   numerator      DOUBLE   count, or null
--   denominator    DOUBLE   count, or null
--   is_empty       BOOLEAN  a 0/0 ratio
--   status         VARCHAR  demonstration, reported, verified or official
--   source_id      VARCHAR  see source
--   note           VARCHAR  or null
-- reads: figure, indicator, unit_limit
with real_indicator as (
    select distinct figure.indicator_code
    from figure
    where figure.status <> 'demonstration'
),

kept as (
    select figure.*
    from figure
    left join real_indicator on figure.indicator_code = real_indicator.indicator_code
    where real_indicator.indicator_code is null or figure.status <> 'demonstration'
)

select
    kept.unit_code,
    kept.indicator_code,
    kept.period,
    -- The counts give the exact figure; a value stated beside them is a rounding of it.
    coalesce(
        case
            when unit_limit.unit is null
                then
                    error(
                        'indicator ' || indicator.indicator_code || ': found the unit of measure ' || indicator.unit
                        || ', which is not in the table unit_limit. Correct it in indicators.csv.'
                    )
            when indicator.unit = '%' then 100
            else 1
        end * (kept.numerator / nullif(kept.denominator, 0)),
        kept.value
    ) as value,
    kept.numerator,
    kept.denominator,
    coalesce(kept.value is null and kept.numerator = 0 and kept.denominator = 0, false) as is_empty,
    kept.status,
    kept.source_id,
    kept.note
from kept
inner join indicator on kept.indicator_code = indicator.indicator_code
left join unit_limit on indicator.unit = unit_limit.unit
