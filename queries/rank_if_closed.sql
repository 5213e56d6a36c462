-- purpose: What could become of the place of members with gaps, in a period that has not closed.
-- params:
--   $period VARCHAR  a ranked period
--   $node   VARCHAR  theme code, or total
-- columns:
--   unit_code      VARCHAR  official code
--   rank_if_closed BIGINT   place if what is missing counted nothing, for all members
--   rank_at_worst  INTEGER  place if its own missing figures turned out worst and the others' best, or null
-- reads: rank_if_closed, rank_range
select
    rank_if_closed.unit_code,
    rank_if_closed.rank as rank_if_closed,
    rank_range.missing_worst as rank_at_worst
from rank_if_closed
left join rank_range using (period, node_code, unit_code)
where rank_if_closed.period = $period and rank_if_closed.node_code = $node
order by rank_if_closed.unit_code
