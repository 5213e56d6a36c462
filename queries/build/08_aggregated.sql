-- purpose: Scores of the nodes of one depth of the theme tree, from the points and scores of what lies just below.
--   A missing child counts nothing where the year says zero; else the children present take over its weight.
--   A geometric or harmonic mean is nought as soon as one child is.
-- repeat: once for each depth, deepest first
-- params:
--   $depth INTEGER  0 = total
-- columns:
--   period              VARCHAR  ranked period
--   unit_code           VARCHAR  member
--   node_code           VARCHAR  theme code, or total
--   score               DOUBLE   points; null where nothing is known
--   max_score           DOUBLE   points that can be had
--   coverage            DOUBLE   0 to 1: share of the weight for which there is a figure
--   indicator_count     BIGINT   scored indicators below the node
--   missing_count       BIGINT   those without a figure
--   demonstration_count BIGINT   those with a demonstration figure
--   weakest_status      INTEGER  0 demonstration, 1 reported, 2 verified, 3 official; null where nothing is known
-- reads: aggregated, criterion, node, normalised, raw, scored_period, year
with leaf as (
    select
        normalised.period,
        normalised.unit_code,
        normalised.node_code,
        normalised.points as score,
        normalised.max_points as max_score,
        normalised.weight,
        raw.status,
        raw.value is not null or (raw.is_empty and criterion.if_empty <> 'missing') as is_known
    from normalised
    inner join raw using (period, unit_code, indicator_code)
    inner join scored_period on normalised.period = scored_period.period
    inner join criterion
        on scored_period.year = criterion.year and normalised.indicator_code = criterion.indicator_code
    inner join node on normalised.node_code = node.node_code
    where node.depth = $depth
),

child as (
    select
        leaf.* exclude (status, is_known),
        leaf.is_known::integer as coverage,
        1 as indicator_count,
        (not leaf.is_known)::integer as missing_count,
        (leaf.is_known and leaf.status = 'demonstration')::integer as demonstration_count,
        case
            when leaf.is_known
                then list_position(['demonstration', 'reported', 'verified', 'official'], leaf.status) - 1
        end as weakest_status
    from leaf
    union all by name
    select
        aggregated.* exclude (node_code),
        node.parent_code as node_code,
        node.weight
    from aggregated
    inner join node on aggregated.node_code = node.node_code
    where node.depth = $depth + 1
),

counted as (
    select
        child.* exclude (score),
        node.aggregation,
        case
            when child.score < 0 and node.aggregation in ('geometric', 'harmonic')
                then
                    error(
                        'theme ' || child.node_code || ': a ' || node.aggregation || ' mean meets a negative score. '
                        || 'Give its indicators a range above zero, or choose arithmetic.'
                    )
            when year.missing = 'zero' then coalesce(child.score, 0)
            else child.score
        end as score
    from child
    inner join node on child.node_code = node.node_code
    inner join scored_period on child.period = scored_period.period
    inner join year on scored_period.year = year.year
),

gathered as (
    select
        period,
        unit_code,
        node_code,
        aggregation,
        sum(weight * score) as weighted_score,
        sum(weight) as weight,
        sum(weight) filter (where score is not null) as known_weight,
        sum(weight * max_score) as weighted_max,
        sum(weight * max_score) filter (where score is not null) as known_max,
        count(*) filter (where score is null) as unknown_count,
        bool_or(score = 0) as has_nought,
        sum(case when score > 0 then weight * ln(score) end) as weighted_log,
        sum(case when score > 0 then weight / score end) as weighted_inverse,
        sum(weight * ln(nullif(max_score, 0))) as weighted_max_log,
        sum(weight / nullif(max_score, 0)) as weighted_max_inverse,
        sum(case when aggregation = 'sum' then weight * max_score else weight end * coverage)
        / nullif(sum(case when aggregation = 'sum' then weight * max_score else weight end), 0) as coverage,
        sum(indicator_count)::bigint as indicator_count,
        sum(missing_count)::bigint as missing_count,
        sum(demonstration_count)::bigint as demonstration_count,
        min(weakest_status)::integer as weakest_status
    from counted
    group by period, unit_code, node_code, aggregation
)

select
    period,
    unit_code,
    node_code,
    case
        when known_weight is null then null
        -- Where all are known the factor is left out, so that it cannot shift the last digit.
        when aggregation = 'sum' and unknown_count = 0 then weighted_score
        when aggregation = 'sum' then weighted_score * (weighted_max / nullif(known_max, 0))
        when aggregation = 'arithmetic' then weighted_score / known_weight
        when has_nought then 0
        when aggregation = 'geometric' then exp(weighted_log / known_weight)
        when aggregation = 'harmonic' then known_weight / weighted_inverse
        else error('theme ' || node_code || ': found the aggregation ' || aggregation || ', which has no formula here.')
    end as score,
    case aggregation
        when 'sum' then weighted_max
        when 'arithmetic' then weighted_max / weight
        when 'geometric' then exp(weighted_max_log / weight)
        when 'harmonic' then weight / weighted_max_inverse
    end as max_score,
    coverage,
    indicator_count,
    missing_count,
    demonstration_count,
    weakest_status
from gathered
