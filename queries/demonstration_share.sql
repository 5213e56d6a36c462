-- purpose: How many of the indicators shown in some periods are demonstration figures, one row.
-- params:
--   $periods VARCHAR[]  ranked periods
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
where list_contains($periods, raw.period)
