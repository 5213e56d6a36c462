-- purpose: The periods that are ranked: those of the block's frequency that hold a figure and have criteria.
-- columns:
--   period          VARCHAR  as written in the files
--   year            INTEGER  calendar year, chooses the criteria
--   starts_on       DATE     first day
--   ends_on         DATE     last day
--   previous_period VARCHAR  the ranked period before, in any year; null for the first
-- reads: block, figure, period, year
with held as (
    select distinct figure.period from figure
)

select
    period.period,
    period.year,
    period.starts_on,
    period.ends_on,
    lag(period.period) over (order by period.ends_on) as previous_period
from period
inner join held on period.period = held.period
inner join block on period.kind = block.frequency
inner join year on period.year = year.year
