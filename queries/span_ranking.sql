-- purpose: The ranking of one quarter or year: the mean of the scores of its finished periods, each counting the same.
--   A period in which a member has no score does not count for it, unless it has closed and gaps count nothing:
--   then it counts 0. Who has left before the last one is not ranked. Ranked before rounding; ties share the better
--   rank.
-- params:
--   $kind     VARCHAR  quarter or year
--   $span     VARCHAR  such as 2026-Q3 or 2026
--   $previous VARCHAR  the quarter or year to compare with; null for none
--   $node     VARCHAR  theme code, or total
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   rank                BIGINT   1 = best; null without a score
--   unit_code           VARCHAR  official code
--   unit_name           VARCHAR  in the language asked for
--   score               DOUBLE   mean of the periods' points, bonus and penalty included; null where none has a score
--   max_score           DOUBLE   mean of the points that can be had
--   coverage            DOUBLE   mean over all its periods, 0 to 1
--   previous_rank       BIGINT   in the quarter or year to compare with, or null; null where one is unfinished
--   previous_score      DOUBLE   likewise
--   adjustment          DOUBLE   mean of bonus and penalty in the scores
--   indicator_count     BIGINT   scored figures, in all periods: of each period its indicators
--   missing_count       BIGINT   figures missing, in all periods
--   demonstration_count BIGINT   demonstration figures, in all periods
--   status              VARCHAR  the weakest among its figures; demonstration too where its place rests on such
--   previous_status     VARCHAR  the same of the rank and score before, or null
--   period_count        BIGINT   its periods with a score
--   rank_best           BIGINT   best rank in one of its periods, or null
--   rank_worst          BIGINT   worst one, or null
--   is_finished         BOOLEAN  the block's figures are complete enough: the same in all rows
-- reads: block, score, span_period, unit
with spanned as (
    select
        score.* exclude (is_finished),
        span_period.span,
        bool_or(span_period.is_finished) over (partition by span_period.span)
        and is_enough(avg(score.coverage) over (partition by span_period.span), block.leading_coverage) as is_finished
    from score
    inner join span_period on score.period = span_period.period
    cross join block
    where
        score.node_code = $node
        and span_period.kind = $kind
        and span_period.is_counted
        and (span_period.span = $span or span_period.span = $previous)
    qualify
        max(span_period.position) over (partition by span_period.span, score.unit_code)
        = max(span_period.position) over (partition by span_period.span)
),

meaned as (
    select
        span,
        unit_code,
        case when count(score) > 0 then avg(counted_score) end as score,
        avg(max_score) as max_score,
        avg(coverage) as coverage,
        avg(if(score is null, 0, adjustment)) filter (where counted_score is not null) as adjustment,
        sum(indicator_count)::bigint as indicator_count,
        sum(missing_count)::bigint as missing_count,
        sum(demonstration_count)::bigint as demonstration_count,
        min(strength_of(case when rank_status = 'demonstration' then rank_status else status end)) as weakest,
        count(score) as period_count,
        min(rank) as rank_best,
        max(rank) as rank_worst,
        bool_and(is_finished) as is_finished
    from spanned
    group by span, unit_code
),

ranked as (
    select
        meaned.*,
        case
            when meaned.score is not null
                then rank() over (partition by meaned.span order by round(meaned.score, 9) desc nulls last)
        end as rank
    from meaned
)

select
    ranked.rank,
    ranked.unit_code,
    in_language(unit.name, $language) as unit_name,
    ranked.score,
    ranked.max_score,
    ranked.coverage,
    previous.rank as previous_rank,
    previous.score as previous_score,
    coalesce(ranked.adjustment, 0) as adjustment,
    ranked.indicator_count,
    ranked.missing_count,
    ranked.demonstration_count,
    status_of(ranked.weakest) as status,
    status_of(previous.weakest) as previous_status,
    ranked.period_count,
    ranked.rank_best,
    ranked.rank_worst,
    ranked.is_finished
from ranked
inner join unit on ranked.unit_code = unit.unit_code
left join ranked as previous
    on
        previous.span = $previous
        and ranked.unit_code = previous.unit_code
        and ranked.is_finished
        and previous.is_finished
where ranked.span = $span
order by ranked.rank nulls last, unit_name collate vi, ranked.unit_code
