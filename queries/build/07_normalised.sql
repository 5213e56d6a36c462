-- purpose: Each figure as points, by its criterion's rule. Relative rules compare the members that have a figure.
-- columns:
--   period         VARCHAR  ranked period
--   unit_code      VARCHAR  member
--   indicator_code VARCHAR  scored indicator
--   node_code      VARCHAR  the theme it belongs to
--   points         DOUBLE   null where missing
--   max_points     DOUBLE   points at the limit
--   weight         DOUBLE   multiplies the points in the theme
-- reads: block, criterion, indicator, raw, scored_period, target, treated
with empty_ratio as (
    select
        raw.period,
        raw.unit_code,
        raw.indicator_code
    from raw
    where raw.is_empty
),

ruled as (
    select
        treated.period,
        treated.unit_code,
        treated.indicator_code,
        criterion.max_points,
        criterion.rule,
        criterion.zero_at,
        criterion.full_at,
        case when empty_ratio.period is not null then criterion.if_empty end as if_empty,
        coalesce(target.target, criterion.full_at) as goal,
        coalesce(criterion.weight, 1) as weight,
        -- Where the rule itself does not say which way is better, more is, unless the criterion says otherwise.
        coalesce(criterion.direction, 1) as direction,
        case
            when criterion.value_decimals is null then treated.value
            else format('{:.' || criterion.value_decimals || 'f}', treated.value)::double
        end as value
    from treated
    left join empty_ratio using (period, unit_code, indicator_code)
    inner join scored_period on treated.period = scored_period.period
    inner join criterion
        on scored_period.year = criterion.year and treated.indicator_code = criterion.indicator_code
    left join target
        on
            criterion.rule = 'target'
            and scored_period.year = target.year
            and treated.unit_code = target.unit_code
            and treated.indicator_code = target.indicator_code
),

absolute as (
    select
        ruled.* exclude (max_points, weight),
        ruled.max_points,
        ruled.weight,
        case
            when if_empty = 'full' then max_points
            when if_empty = 'zero' then 0
            when value is null then null
            when rule = 'as_scored' then least(greatest(value, 0), max_points)
            when rule = 'yes_no' then case when value >= 0.5 then max_points else 0 end
            -- Multiplied before divided: the portal's own totals hang on that last binary digit.
            when
                rule = 'linear'
                then least(greatest(max_points * (value - zero_at) / (full_at - zero_at), 0), max_points)
            when rule = 'log' and value <= 0 then case when zero_at < full_at then 0 else max_points end
            when rule = 'log'
                then
                    max_points
                    * least(greatest((ln(value) - ln(zero_at)) / (ln(full_at) - ln(zero_at)), 0), 1)
            when goal is null then null
            -- A target equal to zero_at leaves no slope: it is either reached or not.
            when goal = zero_at
                then
                    case
                        when coalesce(nullif(sign(full_at - zero_at), 0), direction) * (value - goal) >= 0
                            then max_points
                        else 0
                    end
            else least(greatest(max_points * (value - zero_at) / (goal - zero_at), 0), max_points)
        end as points
    from ruled
    where rule in ('linear', 'target', 'as_scored', 'yes_no', 'log')
),

-- The direction is applied first, so that every relative rule flips in the same way.
oriented as (
    select
        ruled.*,
        ruled.direction * ruled.value as figure,
        coalesce(ruled.zero_at, 0) as low_end,
        case ruled.rule
            when 'zscore' then coalesce(ruled.full_at, 1)
            else coalesce(ruled.full_at, ruled.max_points) - coalesce(ruled.zero_at, 0)
        end as width
    from ruled
    where ruled.rule not in ('linear', 'target', 'as_scored', 'yes_no', 'log')
),

compared as (
    select
        oriented.*,
        count(figure) over everybody as unit_count,
        min(figure) over everybody as lowest,
        max(figure) over everybody as highest,
        avg(figure) over everybody as mean,
        stddev_samp(figure) over everybody as deviation,
        -- Rank from the bottom, ties sharing the middle.
        rank() over (partition by period, indicator_code order by figure nulls last)
        + (count(*) over (partition by period, indicator_code, figure) - 1) / 2 as middle_rank
    from oriented
    window everybody as (partition by period, indicator_code)
),

shared as (
    select
        compared.*,
        case
            when figure is null then null
            when
                rule = 'minmax'
                then case when highest > lowest then (figure - lowest) / (highest - lowest) else 0.5 end
            when rule = 'zscore' then case when highest > lowest then (figure - mean) / deviation else 0 end
            when rule = 'rank' then middle_rank / unit_count
            when rule = 'percentile_rank' then (middle_rank - 0.5) / unit_count
            when rule = 'borda' then case when unit_count > 1 then (middle_rank - 1) / (unit_count - 1) else 0.5 end
            when rule = 'distance_to_best'
                then
                    case
                        when highest > least(lowest, 0)
                            then (figure - least(lowest, 0)) / (highest - least(lowest, 0))
                        else 1
                    end
            else error('indicator ' || indicator_code || ': found the rule ' || rule || ', which has no formula here.')
        end as share
    from compared
),

relative as (
    select
        shared.*,
        case
            when if_empty = 'full' and rule = 'zscore'
                then coalesce(max(low_end + width * share) over everybody, low_end)
            when if_empty = 'zero' and rule = 'zscore'
                then coalesce(min(low_end + width * share) over everybody, low_end)
            when if_empty = 'full' then low_end + width
            when if_empty = 'zero' then low_end
            else low_end + width * share
        end as points
    from shared
    window everybody as (partition by period, indicator_code)
),

pointed as (
    select
        period,
        unit_code,
        indicator_code,
        points,
        max_points,
        weight
    from absolute
    union all
    select
        period,
        unit_code,
        indicator_code,
        points,
        max_points,
        weight
    from relative
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
