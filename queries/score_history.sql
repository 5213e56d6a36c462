-- purpose: Score and rank of every member in all ranked periods up to one, for one node. Periods in which it is
--   unfinished are left out, unless it is in all.
-- params:
--   $period VARCHAR  the last period
--   $node   VARCHAR  theme code, or total
-- columns:
--   period    VARCHAR  ranked period
--   unit_code VARCHAR  official code
--   score     DOUBLE   points, or null
--   max_score DOUBLE   points that can be had
--   rank      BIGINT   or null
--   coverage  DOUBLE   0 to 1
--   status    VARCHAR  the weakest status among its figures, or null
-- reads: score, scored_period
select
    score.period,
    score.unit_code,
    score.score,
    score.max_score,
    score.rank,
    score.coverage,
    score.status
from score
inner join scored_period on score.period = scored_period.period
inner join scored_period as last_period on last_period.period = $period
where score.node_code = $node and scored_period.ends_on <= last_period.ends_on
qualify score.is_finished or not bool_or(score.is_finished) over ()
order by scored_period.ends_on, score.rank nulls last, score.unit_code
