-- purpose: In which share of the weight draws each member took each place, in one period.
-- params:
--   $period VARCHAR  a ranked period
--   $node   VARCHAR  theme code, or total
-- columns:
--   unit_code VARCHAR  official code
--   rank      INTEGER  the place
--   share     DOUBLE   of the draws, 0 to 1; places never taken are left out
-- reads: rank_share
select
    unit_code,
    rank,
    share
from rank_share
where period = $period and node_code = $node
order by unit_code, rank
