-- purpose: The ranking of one period: total, or one theme.
-- params:
--   $period   VARCHAR  a ranked period
--   $node     VARCHAR  theme code, or total
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   rank                BIGINT   1 = best; ties share the better rank; null without a score
--   unit_code           VARCHAR  official code
--   unit_name           VARCHAR  in the language asked for
--   score               DOUBLE   points
--   max_score           DOUBLE   points that can be had
--   coverage            DOUBLE   0 to 1: share of the points for which there is a figure
--   previous_rank       BIGINT   in the finished period before, or null; null where one of the two is unfinished
--   previous_score      DOUBLE   likewise
--   adjustment          DOUBLE   bonus and penalty in the score
--   indicator_count     BIGINT   scored indicators
--   missing_count       BIGINT   those without a figure
--   demonstration_count BIGINT   those with a demonstration figure
--   status              VARCHAR  the weakest among its figures; demonstration too where its place rests on such
--   previous_status     VARCHAR  the same of the rank and score before, or null
--   is_finished         BOOLEAN  the block's figures are complete enough: the same in all rows
-- reads: score, unit
select
    score.rank,
    score.unit_code,
    in_language(unit.name, $language) as unit_name,
    score.score,
    score.max_score,
    score.coverage,
    score.previous_rank,
    score.previous_score,
    score.adjustment,
    score.indicator_count,
    score.missing_count,
    score.demonstration_count,
    case when score.rank_status = 'demonstration' then score.rank_status else score.status end as status,
    score.previous_status,
    score.is_finished
from score
inner join unit on score.unit_code = unit.unit_code
where score.period = $period and score.node_code = $node
order by score.rank nulls last, unit_name collate vi, score.unit_code
