-- purpose: The status of each figure of a ranked period, in the order of units and indicators, for the build.
-- params:
--   $period VARCHAR  ranked period
-- columns:
--   status_rank DOUBLE  0 demonstration, 1 reported, 2 verified, 3 official; null where there is no line for it
-- reads: raw
select (list_position(['demonstration', 'reported', 'verified', 'official'], raw.status) - 1)::double as status_rank
from raw
where raw.period = $period
order by raw.unit_code, raw.indicator_code
