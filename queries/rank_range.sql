-- purpose: How far each member's rank in one period can be trusted, in the order of queries/ranking.sql.
-- params:
--   $period VARCHAR  a ranked period
--   $node   VARCHAR  theme code, or total
-- columns:
--   unit_code     VARCHAR  official code
--   rank          BIGINT   1 = best
--   rank_low      INTEGER  5th percentile of the places when the weights move
--   rank_high     INTEGER  95th percentile
--   rank_mean     DOUBLE   mean place
--   missing_best  INTEGER  place if the unit's missing figures turned out best and the others' worst
--   missing_worst INTEGER  the other way round
--   method_best   INTEGER  best place under other normalisations and aggregations
--   method_worst  INTEGER  worst place
--   group_number  INTEGER  units of one group cannot be told apart
--   group_size    INTEGER  units in the group
-- reads: rank_range, score, unit
select
    score.unit_code,
    score.rank,
    rank_range.rank_low,
    rank_range.rank_high,
    rank_range.rank_mean,
    rank_range.missing_best,
    rank_range.missing_worst,
    rank_range.method_best,
    rank_range.method_worst,
    rank_range.group_number,
    rank_range.group_size
from rank_range
inner join score using (period, node_code, unit_code)
inner join unit on score.unit_code = unit.unit_code
where rank_range.period = $period and rank_range.node_code = $node
order by score.rank nulls last, in_language(unit.name, 'vi') collate vi, score.unit_code
