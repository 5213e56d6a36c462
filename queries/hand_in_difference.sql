-- purpose: Figures of one year that the block accepted otherwise than the member had handed them in.
-- params:
--   $year INTEGER  calendar year
-- columns:
--   unit_code      VARCHAR    official code
--   indicator_code VARCHAR    see indicators.csv
--   period         VARCHAR    what the figure measures
--   handed_in      DOUBLE     in the indicator's unit, or null
--   accepted       DOUBLE     likewise
--   accepted_at    TIMESTAMP  UTC
--   note           VARCHAR    the reason given, or null
-- reads: hand_in_difference, indicator, period
select
    difference.unit_code,
    difference.indicator_code,
    difference.period,
    coalesce(
        case when indicator.unit = '%' then 100 else 1 end
        * (difference.handed_in_numerator / nullif(difference.handed_in_denominator, 0)),
        difference.handed_in_value
    ) as handed_in,
    coalesce(
        case when indicator.unit = '%' then 100 else 1 end
        * (difference.accepted_numerator / nullif(difference.accepted_denominator, 0)),
        difference.accepted_value
    ) as accepted,
    difference.accepted_at,
    difference.note
from hand_in_difference as difference
inner join indicator on difference.indicator_code = indicator.indicator_code
inner join period on difference.period = period.period
where period.year = $year
order by period.ends_on, difference.unit_code, difference.indicator_code
