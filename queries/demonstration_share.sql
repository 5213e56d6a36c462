-- purpose: How many of the indicators shown in some periods are demonstration figures, one row.
-- params:
--   $periods VARCHAR[]  ranked periods
--   $earlier VARCHAR[]  ranked periods before, which they are compared with
-- columns:
--   demonstration_count BIGINT  indicators with at least one demonstration figure
--   indicator_count     BIGINT  scored indicators
--   earlier_count       BIGINT  indicators with one in the earlier periods only
-- reads: raw
with made_up as (
    select
        raw.indicator_code,
        bool_or(list_contains($periods, raw.period)) as is_shown
    from raw
    where raw.status = 'demonstration' and not raw.is_missing and list_contains($periods || $earlier, raw.period)
    group by raw.indicator_code
)

select
    count(distinct raw.indicator_code) filter (made_up.is_shown) as demonstration_count,
    count(distinct raw.indicator_code) filter (list_contains($periods, raw.period)) as indicator_count,
    count(distinct raw.indicator_code) filter (not made_up.is_shown) as earlier_count
from raw
left join made_up on raw.indicator_code = made_up.indicator_code
where list_contains($periods || $earlier, raw.period)
