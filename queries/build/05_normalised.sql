-- purpose: Each figure as points, by its criterion's rule.
-- columns:
--   period         VARCHAR  ranked period
--   unit_code      VARCHAR  member
--   indicator_code VARCHAR  scored indicator
--   node_code      VARCHAR  the theme it belongs to
--   points         DOUBLE   0 to max_points; null where missing
--   max_points     DOUBLE   points at the limit
--   weight         DOUBLE   multiplies the points in the theme
-- reads: block, criterion, indicator, raw, scored_period, target
with ruled as (
    select
        raw.period,
        raw.unit_code,
        raw.indicator_code,
        raw.is_empty,
        criterion.max_points,
        criterion.rule,
        criterion.if_empty,
        criterion.zero_at,
        coalesce(case when criterion.rule = 'target' then target.target end, criterion.full_at) as full_at,
        coalesce(criterion.weight, 1) as weight,
        case
            when criterion.value_decimals is null then raw.value
            else format('{:.' || criterion.value_decimals || 'f}', raw.value)::double
        end as value
    from raw
    inner join scored_period on raw.period = scored_period.period
    inner join criterion
        on scored_period.year = criterion.year and raw.indicator_code = criterion.indicator_code
    left join target
        on
            scored_period.year = target.year
            and raw.unit_code = target.unit_code
            and raw.indicator_code = target.indicator_code
),

pointed as (
    select
        ruled.*,
        case
            when is_empty then case if_empty when 'full' then max_points when 'zero' then 0 end
            when value is null then null
            when rule in ('linear', 'target') and full_at is null then null -- no target signed: greatest() would make it 0
            when rule in ('linear', 'target')
                -- Multiplied before divided: the portal's own totals hang on that last binary digit.
                then least(greatest(max_points * (value - zero_at) / (full_at - zero_at), 0), max_points)
            when rule = 'as_scored' then least(greatest(value, 0), max_points)
            when rule = 'yes_no' then case when value >= 0.5 then max_points else 0 end
        end as points
    from ruled
)

select
    pointed.period,
    pointed.unit_code,
    pointed.indicator_code,
    indicator.theme_code as node_code,
    -- Rounded as printf does, on the exact binary value: so does the national portal, and only so do its totals agree.
    case
        when block.points_decimals is null then pointed.points
        else format('{:.' || block.points_decimals || 'f}', pointed.points)::double
    end as points,
    pointed.max_points,
    pointed.weight
from pointed
inner join indicator on pointed.indicator_code = indicator.indicator_code
cross join block
