-- purpose: The periods that are ranked: those of the block's frequency in which a member has a figure that is scored.
--   Not those that held only demonstration figures which real ones have since dropped.
-- columns:
--   period    VARCHAR  as written in the files
--   year      INTEGER  calendar year, chooses the criteria
--   starts_on DATE     first day
--   ends_on   DATE     last day
--   position  BIGINT   1 = the first
-- reads: block, criterion, period, unit, value
with held as (
    select distinct
        period.period,
        period.year,
        period.starts_on,
        period.ends_on
    from value
    inner join period on value.period = period.period
    inner join block on period.kind = block.frequency
    inner join criterion on period.year = criterion.year and value.indicator_code = criterion.indicator_code
    inner join unit on value.unit_code = unit.unit_code
    where
        is_member_on(unit.is_member, unit.member_from, unit.member_to, period.ends_on)
        and (value.value is not null or value.is_empty)
)

select
    held.*,
    row_number() over (order by held.ends_on) as position
from held
