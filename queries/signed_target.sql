-- purpose: The targets that members signed for a year.
-- params:
--   $year INTEGER  calendar year
-- columns:
--   unit_code      VARCHAR  official code
--   indicator_code VARCHAR  see indicators.csv
--   target         DOUBLE   in the indicator's unit
--   signed_on      DATE     or null
-- reads: target
select
    unit_code,
    indicator_code,
    target,
    signed_on
from target
where year = $year
order by unit_code, indicator_code
