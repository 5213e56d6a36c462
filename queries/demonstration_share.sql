-- purpose: How many of the indicators shown in a period are demonstration figures, one row.
-- params:
--   $period VARCHAR  a ranked period
-- columns:
--   demonstration_count BIGINT  indicators with at least one demonstration figure
--   indicator_count     BIGINT  scored indicators
-- reads: raw
select
    count(distinct raw.indicator_code) filter (
        where raw.status = 'demonstration' and not raw.is_missing
    ) as demonstration_count,
    count(distinct raw.indicator_code) as indicator_count
from raw
where raw.period = $period
