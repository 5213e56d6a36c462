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
        aggregated.*,
        coalesce(case when aggregated.node_code = 'total' then bonus.points end, 0) as adjustment,
        -- A withheld theme still counts in its parent, which is judged by its own coverage.
        coalesce(aggregated.coverage >= block.min_coverage - 1e-12, true) as is_covered,
        ranked_period.is_finished
        and is_enough(
            avg(aggregated.coverage) over (partition by aggregated.period, aggregated.node_code), block.leading_coverage
        ) as is_finished
    from aggregated
    inner join ranked_period on aggregated.period = ranked_period.period
    cross join block
    left join bonus on aggregated.unit_code = bonus.unit_code and aggregated.period = bonus.period
),

ranked as (
    select
        adjusted.period,
        adjusted.unit_code,
        adjusted.node_code,
        case when adjusted.is_covered then adjusted.score + adjusted.adjustment end as score,
        adjusted.max_score,
        adjusted.adjustment,
        adjusted.coverage,
        adjusted.indicator_count,
        adjusted.missing_count,
        adjusted.demonstration_count,
        status_of(adjusted.weakest_status + 1) as status,
        adjusted.weakest_status,
        case
            when adjusted.score is not null and adjusted.is_covered
                then rank() over (
                    partition by adjusted.period, adjusted.node_code
                    order by
                        case when adjusted.is_covered then round(adjusted.score + adjusted.adjustment, 9) end
                        desc nulls last
                )
        end as rank,
        adjusted.is_finished
    from adjusted
),

-- A place rests on the figures of all that have one.
placed as (
    select
        ranked.* exclude (weakest_status, is_finished),
        case
            when ranked.rank is not null
                then status_of(
                    1 + min(case when ranked.rank is not null then ranked.weakest_status end)
                        over (partition by ranked.period, ranked.node_code)
                )
        end as rank_status,
        ranked.is_finished
    from ranked
)

select
    placed.*,
    previous.rank as previous_rank,
    previous.score as previous_score,
    case when previous.rank_status = 'demonstration' then previous.rank_status else previous.status end
        as previous_status,
    case
        when placed.score is null and period.is_closed and year.missing_after_deadline = 'zero' then 0
        else placed.score
    end as counted_score
from placed
inner join ranked_period on placed.period = ranked_period.period
inner join period on placed.period = period.period
inner join year on ranked_period.year = year.year
left join placed as previous
    on
        placed.is_finished
        and previous.is_finished
        and ranked_period.previous_period = previous.period
        and placed.unit_code = previous.unit_code
        and placed.node_code = previous.node_code
order by placed.period, placed.node_code, placed.rank, placed.unit_code
