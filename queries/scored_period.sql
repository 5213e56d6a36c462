-- purpose: The ranked periods, oldest first, with what the scoring library has to know of them before any score is.
-- columns:
--   period    VARCHAR  as written in the files
--   year      INTEGER  calendar year
--   is_closed BOOLEAN  the last day for its figures was over when the snapshot was built
--   missing   VARCHAR  zero or renormalise: what a missing figure does in it
-- reads: period, scored_period, year
select
    scored_period.period,
    scored_period.year,
    period.is_closed,
    case when period.is_closed then year.missing_after_deadline else year.missing end as missing
from scored_period
inner join period on scored_period.period = period.period
inner join year on scored_period.year = year.year
order by scored_period.ends_on
