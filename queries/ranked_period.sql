-- purpose: The periods that are ranked, newest first, with what holds in their year.
-- columns:
--   period                 VARCHAR  as written in the files
--   year                   INTEGER  calendar year
--   coverage               DOUBLE   0 to 1: mean over the members
--   is_finished            BOOLEAN  coverage reaches leading_coverage of block.toml
--   is_leading             BOOLEAN  boards open with it
--   previous_period        VARCHAR  the finished period before, or null; null for an unfinished one
--   is_sample              BOOLEAN  its criteria are a sample, not adopted ones
--   due_on                 DATE     last day for its figures, or null: it never closes
--   is_closed              BOOLEAN  that day was over when the snapshot was built
--   missing                VARCHAR  zero or renormalise: what a missing figure does in it
--   missing_after_deadline VARCHAR  what it does once the period has closed
--   head_unit              VARCHAR  unit that heads the block that year, or null
--   decision               VARCHAR  number of the decision, or null
--   deadline               DATE     or null
-- reads: period, ranked_period, year
select
    ranked_period.period,
    ranked_period.year,
    ranked_period.coverage,
    ranked_period.is_finished,
    ranked_period.is_leading,
    ranked_period.previous_period,
    year.is_sample,
    period.due_on,
    period.is_closed,
    case when period.is_closed then year.missing_after_deadline else year.missing end as missing,
    year.missing_after_deadline,
    year.head_unit,
    year.decision,
    year.deadline
from ranked_period
inner join period on ranked_period.period = period.period
inner join year on ranked_period.year = year.year
order by ranked_period.ends_on desc
