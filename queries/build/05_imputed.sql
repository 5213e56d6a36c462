-- purpose: What is missing, filled in by the method block.toml names; by default nothing is.
--   A 0/0 ratio that has its own answer is never filled in. mean, median and group_mean look at the other members of
--   the period; latest and linear at the same member's other periods. What a method cannot fill stays missing.
-- columns:
--   period         VARCHAR  ranked period
--   unit_code      VARCHAR  member
--   indicator_code VARCHAR  scored indicator
--   value          DOUBLE   in the indicator's unit; null where missing
--   is_imputed     BOOLEAN  the value was filled in
-- reads: block, criterion, indicator, raw, scored_period, unit, unit_limit
with open_cell as (
    select
        raw.period,
        raw.unit_code,
        raw.indicator_code,
        raw.value,
        raw.value is null and not (raw.is_empty and criterion.if_empty <> 'missing') as is_open,
        scored_period.position,
        unit.cluster,
        unit_limit.low,
        unit_limit.high
    from raw
    inner join scored_period on raw.period = scored_period.period
    inner join criterion
        on scored_period.year = criterion.year and raw.indicator_code = criterion.indicator_code
    inner join unit on raw.unit_code = unit.unit_code
    inner join indicator on raw.indicator_code = indicator.indicator_code
    left join unit_limit on indicator.unit = unit_limit.unit
    cross join block
    where block.imputation <> 'none'
),

-- The neighbours in time: the last figure, the one before that, and the next.
in_time as (
    select
        open_cell.*,
        last_value(case when value is not null then { 'at': position, 'value': value } end ignore nulls) over past
            as last_known,
        first_value(case when value is not null then { 'at': position, 'value': value } end ignore nulls) over future
            as next_known,
        lag(case when value is not null then { 'at': position, 'value': value } end, 1) over (
            partition by unit_code, indicator_code, value is not null
            order by position
        ) as known_before
    from open_cell
    cross join block
    where block.imputation in ('latest', 'linear')
    window
        past as (
            partition by unit_code, indicator_code
            order by position
            rows between unbounded preceding and 1 preceding
        ),
        future as (
            partition by unit_code, indicator_code
            order by position
            rows between 1 following and unbounded following
        )
),

from_time as (
    select
        gap.period,
        gap.unit_code,
        gap.indicator_code,
        case
            when block.imputation = 'latest' or gap.last_known is null then gap.last_known.value
            when gap.next_known is not null
                then
                    gap.last_known.value
                    + (gap.next_known.value - gap.last_known.value)
                    * (gap.position - gap.last_known.at)
                    / (gap.next_known.at - gap.last_known.at)
            when last_figure.known_before is null then gap.last_known.value
            else
                least(
                    greatest(
                        gap.last_known.value
                        + (gap.last_known.value - last_figure.known_before.value)
                        / (gap.last_known.at - last_figure.known_before.at)
                        * (gap.position - gap.last_known.at),
                        coalesce(gap.low, '-infinity'::double)
                    ),
                    coalesce(gap.high, 'infinity'::double)
                )
        end as filler
    from in_time as gap
    cross join block
    left join in_time as last_figure
        on
            gap.unit_code = last_figure.unit_code
            and gap.indicator_code = last_figure.indicator_code
            and gap.last_known.at = last_figure.position
    where gap.value is null
),

from_peers as (
    select
        open_cell.period,
        open_cell.indicator_code,
        case when block.imputation = 'group_mean' then open_cell.cluster end as cluster,
        case when block.imputation = 'median' then median(open_cell.value) else avg(open_cell.value) end as filler
    from open_cell
    cross join block
    where block.imputation in ('mean', 'median', 'group_mean')
    group by
        open_cell.period,
        open_cell.indicator_code,
        case when block.imputation = 'group_mean' then open_cell.cluster end,
        block.imputation
),

filled as (
    select
        open_cell.period,
        open_cell.unit_code,
        open_cell.indicator_code,
        open_cell.value,
        case when open_cell.is_open then coalesce(from_time.filler, from_peers.filler) end as filler
    from open_cell
    cross join block
    left join from_time using (period, unit_code, indicator_code)
    left join from_peers
        on
            open_cell.period = from_peers.period
            and open_cell.indicator_code = from_peers.indicator_code
            and case when block.imputation = 'group_mean' then open_cell.cluster end
            is not distinct from from_peers.cluster
)

select
    raw.period,
    raw.unit_code,
    raw.indicator_code,
    raw.value,
    false as is_imputed
from raw
cross join block
where block.imputation = 'none'
union all
select
    period,
    unit_code,
    indicator_code,
    coalesce(value, filler) as value,
    value is null and filler is not null as is_imputed
from filled
