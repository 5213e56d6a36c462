-- purpose: The emulation contract of one year: what each member signed, and the figures that its progress is read from.
--   A figure counts up to the period asked for. The baseline is the last figure of the year before, else the first one
--   of the year.
-- params:
--   $year     INTEGER  calendar year
--   $period   VARCHAR  figures up to the end of this period count
-- columns:
--   unit_code       VARCHAR  official code
--   indicator_code  VARCHAR  see indicators.csv
--   target          DOUBLE   in the indicator's unit
--   pace            VARCHAR  level, hold, year_to_date or sum
--   signed_on       DATE     or null where it is not signed yet
--   signed_by       VARCHAR  office, or null
--   is_sample       BOOLEAN  nobody signed it
--   direction       INTEGER  1 where more is better, -1 where less is, null where the criteria do not say
--   baseline        DOUBLE   null where nothing is known before the figure that counts
--   baseline_period VARCHAR  what it measures
--   baseline_on     DATE     end of that period
--   current_value   DOUBLE   the latest figure of the year; for the pace sum, all of the year's figures added up
--   current_period  VARCHAR  what it measures
--   current_on      DATE     end of that period
--   status          VARCHAR  weakest status of the figures read, or null
--   source_ids      VARCHAR[] sources of the target and of these figures
-- reads: criterion, period, target, value
with cutoff as (
    select least(max(ends_on), make_date($year, 12, 31)) as ends_on
    from period
    where period = $period
),

signed as (
    select
        target.*,
        case
            when criterion.direction is not null then criterion.direction
            when criterion.full_at < criterion.zero_at then -1
            when criterion.rule is not null then 1
        end as direction
    from target
    left join criterion on target.year = criterion.year and target.indicator_code = criterion.indicator_code
    where target.year = $year
),

known as (
    select
        value.unit_code,
        value.indicator_code,
        value.period,
        value.value,
        value.status,
        value.source_id,
        period.year,
        period.ends_on,
        period.kind
    from value
    inner join period on value.period = period.period
    cross join cutoff
    where value.value is not null and period.ends_on <= cutoff.ends_on and period.year in ($year - 1, $year)
),

-- Added up are only the figures of one cadence, the finest there is, so that no month counts in its quarter again.
added as (
    select
        unit_code,
        indicator_code,
        sum(value) as total
    from known
    where year = $year
    group by unit_code, indicator_code, kind
    qualify row_number() over (
        partition by unit_code, indicator_code
        order by case kind when 'month' then 1 when 'quarter' then 2 else 3 end
    ) = 1
),

figures as (
    select
        unit_code,
        indicator_code,
        max(struct_pack(ends_on, period, value, status, source_id)) filter (year = $year - 1) as before,
        min(struct_pack(ends_on, period, value, status, source_id)) filter (year = $year) as first_one,
        max(struct_pack(ends_on, period, value, status, source_id)) filter (year = $year) as latest
    from known
    group by unit_code, indicator_code
),

based as (
    select
        *,
        coalesce(before, case when first_one.period <> latest.period then first_one end) as base
    from figures
)

select
    signed.unit_code,
    signed.indicator_code,
    signed.target,
    signed.pace,
    signed.signed_on,
    signed.signed_by,
    signed.is_sample,
    signed.direction,
    based.base.value as baseline,
    based.base.period as baseline_period,
    based.base.ends_on as baseline_on,
    case when signed.pace = 'sum' then added.total else based.latest.value end as current_value,
    based.latest.period as current_period,
    based.latest.ends_on as current_on,
    case
        when based.latest is null then null
        else status_of(least(strength_of(based.latest.status), strength_of(based.base.status)))
    end as status,
    list_filter(
        [signed.source_id, based.latest.source_id, based.base.source_id], lambda source: source is not null
    ) as source_ids
from signed
left join based using (unit_code, indicator_code)
left join added using (unit_code, indicator_code)
order by signed.unit_code, signed.indicator_code
