-- purpose: Bonus and penalty of each member in a period, added up.
-- params:
--   $period VARCHAR  ranked period
-- columns:
--   unit_code VARCHAR  official code
--   points    DOUBLE   + bonus, - penalty
-- reads: adjustment
select
    unit_code,
    sum(points) as points
from adjustment
where period = $period
group by unit_code
order by unit_code
