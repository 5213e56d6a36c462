-- purpose: For each ranked period, member and scored indicator, the figure that counts, or none.
--   A figure of the period itself; else, where the indicator is measured less often than the block ranks, the latest
--   earlier one of the same year; where it is measured more often, the latest one inside the period. Earlier figures
--   count for a member only once it has one that ends in the period: by them alone it is not ranked.
-- columns:
--   period          VARCHAR  ranked period
--   unit_code       VARCHAR  member
--   indicator_code  VARCHAR  indicator with a criterion in that year
--   value           DOUBLE   in the indicator's unit; null where missing or a 0/0 ratio
--   numerator       DOUBLE   count, or null
--   denominator     DOUBLE   count, or null
--   is_empty        BOOLEAN  a 0/0 ratio
--   is_missing      BOOLEAN  no figure at all
--   measured_period VARCHAR  the period the figure measures; null where there is no line for it
--   age_months      BIGINT   whole months between the end of that period and of the ranked one
--   status          VARCHAR  null where there is no line for it, not even one that says nothing is there
--   source_id       VARCHAR  likewise
-- reads: block, criterion, indicator, period, scored_period, unit, value
with measured as not materialized (
    select
        value.* exclude (note),
        period.year,
        period.starts_on,
        period.ends_on,
        months_in(indicator.frequency) as months_between
    from value
    inner join period on value.period = period.period
    inner join indicator on value.indicator_code = indicator.indicator_code
),

ranked as (
    select
        scored_period.*,
        months_in(block.frequency) as months_between
    from scored_period
    cross join block
),

-- Read twice, as measured is; to hold millions of figures for the second reading took a gigabyte more, and longer.
same_period as not materialized (
    select
        measured.* exclude (year, starts_on, months_between),
        measured.period as ranked_period,
        true as is_own
    from measured
    inner join ranked on measured.period = ranked.period
),

-- Filtered before it meets the periods: most figures are measured as often as the block ranks, and none of those count.
other_rhythm as (
    select measured.*
    from measured
    cross join block
    where measured.months_between <> months_in(block.frequency)
),

other_period as (
    select
        measured.* exclude (year, starts_on, months_between),
        ranked.period as ranked_period,
        measured.ends_on >= ranked.starts_on as is_own
    from other_rhythm as measured
    inner join ranked on measured.year = ranked.year and measured.ends_on <= ranked.ends_on
    where
        measured.period <> ranked.period
        and (
            measured.months_between > ranked.months_between
            or (measured.months_between < ranked.months_between and measured.starts_on >= ranked.starts_on)
        )
    qualify row_number() over (
        partition by ranked.period, measured.unit_code, measured.indicator_code
        order by measured.ends_on desc, measured.starts_on desc
    ) = 1
),

chosen as (
    select * from same_period
    union all
    select other_period.*
    from other_period
    anti join same_period using (ranked_period, unit_code, indicator_code)
),

reporting as (
    select distinct
        chosen.ranked_period,
        chosen.unit_code
    from chosen
    inner join ranked on chosen.ranked_period = ranked.period
    inner join criterion on ranked.year = criterion.year and chosen.indicator_code = criterion.indicator_code
    where chosen.is_own and (chosen.value is not null or chosen.is_empty)
),

counted as (
    select chosen.*
    from chosen
    left join reporting
        on chosen.ranked_period = reporting.ranked_period and chosen.unit_code = reporting.unit_code
    where chosen.is_own or reporting.unit_code is not null
),

expected as (
    select
        ranked.period,
        ranked.ends_on,
        unit.unit_code,
        criterion.indicator_code
    from ranked
    inner join criterion on ranked.year = criterion.year
    cross join unit
    where is_member_on(unit.is_member, unit.member_from, unit.member_to, ranked.ends_on)
)

select
    expected.period,
    expected.unit_code,
    expected.indicator_code,
    counted.value,
    counted.numerator,
    counted.denominator,
    coalesce(counted.is_empty, false) as is_empty,
    counted.value is null and not coalesce(counted.is_empty, false) as is_missing,
    counted.period as measured_period,
    datediff('month', counted.ends_on, expected.ends_on) as age_months,
    counted.status,
    counted.source_id
from expected
left join counted
    on
        expected.period = counted.ranked_period
        and expected.unit_code = counted.unit_code
        and expected.indicator_code = counted.indicator_code
