-- purpose: The periods that are ranked, newest first, with what holds in their year.
-- columns:
--   period                 VARCHAR  as written in the files
--   year                   INTEGER  calendar year
--   previous_period        VARCHAR  the ranked period before, or null
--   is_sample              BOOLEAN  its criteria are a sample, not adopted ones
--   due_on                 DATE     last day for its figures, or null: it never closes
--   is_closed              BOOLEAN  that day was over when the snapshot was built
--   missing                VARCHAR  zero or renormalise: what a missing figure does in it
--   missing_after_deadline VARCHAR  what it does once the period has closed
--   head_unit              VARCHAR  unit that heads the block that year, or null
--   decision               VARCHAR  number of the decision, or null
--   deadline               DATE     or null
-- reads: period, scored_period, year
select
    scored_period.period,
    scored_period.year,
    scored_period.previous_period,
    year.is_sample,
    period.due_on,
    period.is_closed,
    case when period.is_closed then year.missing_after_deadline else year.missing end as missing,
    year.missing_after_deadline,
    year.head_unit,
    year.decision,
    year.deadline
from scored_period
inner join period on scored_period.period = period.period
inner join year on scored_period.year = year.year
order by scored_period.ends_on desc
