-- purpose: Score, rank and previous rank of every member, period and node. Adjustments count in the total only.
--   Ranked before rounding; units that are equal share the better rank (1, 2, 2, 4). Nine decimals take the noise of
--   floating-point sums out of a tie without merging any two scores that differ.
-- columns:
--   period              VARCHAR  ranked period
--   unit_code           VARCHAR  member
--   node_code           VARCHAR  theme code, or total
--   score               DOUBLE   points after adjustments; null where nothing, or less than min_coverage, is known
--   max_score           DOUBLE   points that can be had, before adjustments
--   adjustment          DOUBLE   bonus (+) and penalty (-) in it
--   coverage            DOUBLE   0 to 1
--   indicator_count     BIGINT   scored indicators below the node
--   missing_count       BIGINT   those without a figure
--   demonstration_count BIGINT   those with a demonstration figure
--   status              VARCHAR  the weakest status among its figures; null where nothing is known
--   rank                BIGINT   1 = best; null without a score
--   rank_status         VARCHAR  the weakest status among the figures of all that are ranked; null without a rank
--   is_finished         BOOLEAN  the period is, and the node's own coverage (mean over the members) reaches the limit
--   previous_rank       BIGINT   rank in the finished period before; null where one of the two is unfinished
--   previous_score      DOUBLE   likewise, the score
--   previous_status     VARCHAR  the weakest among the figures of then; demonstration too where the rank rests on such
--   counted_score       DOUBLE   what it counts in a quarter or year: the score, or 0 where there is none in a
--                                closed period whose gaps count nothing
-- reads: adjustment, aggregated, block, period, ranked_period, year
with bonus as (
    select
        adjustment.unit_code,
        adjustment.period,
        sum(adjustment.points) as points
    from adjustment
    group by all
),

adjusted as (
    select
        aggregated.* exclude (score),
        coalesce(case when aggregated.node_code = 'total' then bonus.points end, 0) as adjustment,
        -- A withheld theme still counts in its parent, which is judged by its own coverage.
        case
            when coalesce(aggregated.coverage >= block.min_coverage - 1e-12, true) then aggregated.score + adjustment
        end as score
    from aggregated
    cross join block
    left join bonus on aggregated.unit_code = bonus.unit_code and aggregated.period = bonus.period
),

-- What all units of a node share. A place rests on the figures of all that have one.
shared as (
    select
        adjusted.period,
        adjusted.node_code,
        status_of(1 + min(adjusted.weakest_status) filter (where adjusted.score is not null)) as rank_status,
        bool_and(ranked_period.is_finished)
        and is_enough(avg(adjusted.coverage), any_value(block.leading_coverage)) as is_finished,
        any_value(ranked_period.previous_period) as previous_period,
        bool_and(period.is_closed and year.missing_after_deadline = 'zero') as is_zero_without_score
    from adjusted
    inner join ranked_period on adjusted.period = ranked_period.period
    inner join period on adjusted.period = period.period
    inner join year on ranked_period.year = year.year
    cross join block
    group by all
),

ranked as (
    select
        adjusted.period,
        adjusted.unit_code,
        adjusted.node_code,
        adjusted.score,
        adjusted.max_score,
        adjusted.adjustment,
        adjusted.coverage,
        adjusted.indicator_count,
        adjusted.missing_count,
        adjusted.demonstration_count,
        status_of(adjusted.weakest_status + 1) as status,
        case
            when adjusted.score is not null
                then rank() over (
                    partition by adjusted.period, adjusted.node_code
                    order by round(adjusted.score, 9) desc nulls last
                )
        end as rank
    from adjusted
)

select
    ranked.*,
    case when ranked.rank is not null then shared.rank_status end as rank_status,
    shared.is_finished,
    previous.rank as previous_rank,
    previous.score as previous_score,
    case
        when previous.rank is not null and previous_shared.rank_status = 'demonstration'
            then previous_shared.rank_status
        else previous.status
    end as previous_status,
    case when ranked.score is null and shared.is_zero_without_score then 0 else ranked.score end as counted_score
from ranked
inner join shared on ranked.period = shared.period and ranked.node_code = shared.node_code
left join shared as previous_shared
    on
        shared.is_finished
        and previous_shared.is_finished
        and shared.previous_period = previous_shared.period
        and ranked.node_code = previous_shared.node_code
left join ranked as previous
    on
        previous_shared.period = previous.period
        and ranked.unit_code = previous.unit_code
        and ranked.node_code = previous.node_code
order by ranked.period, ranked.node_code, ranked.rank, ranked.unit_code
