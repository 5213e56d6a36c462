-- purpose: Scores of the nodes of one depth of the theme tree, from the points and scores of what lies just below.
-- repeat: once for each depth, deepest first
-- params:
--   $depth INTEGER  0 = total
-- columns:
--   period              VARCHAR  ranked period
--   unit_code           VARCHAR  member
--   node_code           VARCHAR  theme code, or total
--   score               DOUBLE   points; null where nothing is known
--   max_score           DOUBLE   points that can be had
--   coverage            DOUBLE   0 to 1: share of the points for which there is a figure
--   indicator_count     BIGINT   scored indicators below the node
--   missing_count       BIGINT   those without a figure
--   demonstration_count BIGINT   those with a demonstration figure
--   weakest_status      INTEGER  0 demonstration, 1 reported, 2 verified, 3 official; null where nothing is known
-- reads: aggregated, node, normalised, raw, scored_period, year
with child as (
    select
        normalised.period,
        normalised.unit_code,
        normalised.node_code,
        normalised.points as score,
        normalised.max_points as max_score,
        normalised.weight,
        (normalised.points is not null)::integer as coverage,
        1 as indicator_count,
        (normalised.points is null)::integer as missing_count,
        (normalised.points is not null and raw.status = 'demonstration')::integer as demonstration_count,
        case
            when normalised.points is not null
                then list_position(['demonstration', 'reported', 'verified', 'official'], raw.status) - 1
        end as weakest_status
    from normalised
    inner join raw using (period, unit_code, indicator_code)
    inner join node on normalised.node_code = node.node_code
    where node.depth = $depth
    union all by name
    select
        aggregated.* exclude (node_code),
        node.parent_code as node_code,
        node.weight
    from aggregated
    inner join node on aggregated.node_code = node.node_code
    where node.depth = $depth + 1
),

summed as (
    select
        child.period,
        child.unit_code,
        child.node_code,
        sum(child.weight * child.score) as known_score,
        sum(child.weight * child.max_score) as max_score,
        sum(child.weight * child.max_score) filter (where child.score is not null) as known_max_score,
        sum(child.weight * child.max_score * child.coverage) as covered_score,
        sum(child.indicator_count) as indicator_count,
        sum(child.missing_count) as missing_count,
        sum(child.demonstration_count) as demonstration_count,
        min(child.weakest_status) as weakest_status
    from child
    group by all
)

select
    summed.period,
    summed.unit_code,
    summed.node_code,
    case year.missing
        when 'renormalise' then summed.known_score * (summed.max_score / summed.known_max_score)
        else coalesce(summed.known_score, 0)
    end as score,
    summed.max_score,
    summed.covered_score / summed.max_score as coverage,
    summed.indicator_count::bigint as indicator_count,
    summed.missing_count::bigint as missing_count,
    summed.demonstration_count::bigint as demonstration_count,
    summed.weakest_status::integer as weakest_status
from summed
inner join scored_period on summed.period = scored_period.period
inner join year on scored_period.year = year.year
