-- purpose: The figures that count in each ranked period up to one, before anything is done to them; in no order, since
--   whoever asks lays millions of them out by their codes.
-- params:
--   $first VARCHAR  first ranked period
--   $last  VARCHAR  last ranked period
-- columns:
--   period         VARCHAR  ranked period
--   unit_code      VARCHAR  member
--   indicator_code VARCHAR  scored indicator
--   value          DOUBLE   in the indicator's unit; null where missing or a 0/0 ratio
--   is_empty       BOOLEAN  a 0/0 ratio
-- reads: raw, scored_period
select
    raw.period,
    raw.unit_code,
    raw.indicator_code,
    raw.value,
    raw.is_empty
from raw
inner join scored_period on raw.period = scored_period.period
inner join scored_period as first_period on first_period.period = $first
inner join scored_period as last_period on last_period.period = $last
where scored_period.position between first_period.position and last_period.position
