-- purpose: What is noted beside the members' figures of one period: quality flags of a portal, remarks of a ward.
-- params:
--   $period VARCHAR  a ranked period
-- columns:
--   unit_code      VARCHAR  member
--   indicator_code VARCHAR  scored indicator
--   note           VARCHAR  as it came; flags are codes, with semicolons between
--   status         VARCHAR  reported, verified or official
--   source_id      VARCHAR  see sources.toml
-- reads: raw, value
select
    raw.unit_code,
    raw.indicator_code,
    value.note,
    raw.status,
    raw.source_id
from raw
inner join value
    on
        raw.unit_code = value.unit_code
        and raw.indicator_code = value.indicator_code
        and raw.measured_period = value.period
where raw.period = $period and value.note <> '' and value.status <> 'demonstration'
order by raw.indicator_code, raw.unit_code
