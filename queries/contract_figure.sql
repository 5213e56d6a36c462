-- purpose: The figures behind one member's contract over its year and the year before, for the pace lines.
-- params:
--   $year INTEGER  calendar year of the contract
--   $unit VARCHAR  unit code
-- columns:
--   indicator_code VARCHAR  see indicators.csv
--   period         VARCHAR  what it measures
--   ends_on        DATE     end of that period
--   value          DOUBLE   in the indicator's unit
--   status         VARCHAR  demonstration, reported, verified or official
-- reads: period, target, value
select
    value.indicator_code,
    value.period,
    period.ends_on,
    value.value,
    value.status
from value
inner join period on value.period = period.period
semi join target
    on value.unit_code = target.unit_code and value.indicator_code = target.indicator_code and target.year = $year
where value.unit_code = $unit and value.value is not null and period.year in ($year - 1, $year)
order by value.indicator_code, period.ends_on
