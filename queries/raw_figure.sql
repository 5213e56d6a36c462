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
--   status_rank    DOUBLE   0 demonstration, 1 reported, 2 verified, 3 official; null where there is no line for it
-- reads: raw
select
    raw.period,
    raw.unit_code,
    raw.indicator_code,
    raw.value,
    raw.is_empty,
    (strength_of(raw.status) - 1)::double as status_rank
from raw
-- All are of the block's frequency, and so in the order of their texts.
where raw.period between $first and $last
