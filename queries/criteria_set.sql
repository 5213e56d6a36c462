-- purpose: The years with a criteria set, newest first, with what holds in each.
-- columns:
--   year            INTEGER  calendar year
--   is_sample       BOOLEAN  a sample, not adopted criteria
--   missing         VARCHAR  zero or renormalise: what a missing figure does
--   decision        VARCHAR  number of the decision, or null
--   deadline        DATE     for figures, or null
--   source_id       VARCHAR  or null
--   indicator_count BIGINT   scored indicators
--   max_points      DOUBLE   sum of their points, unweighted
-- reads: criterion, year
select
    year.year,
    year.is_sample,
    year.missing,
    year.decision,
    year.deadline,
    year.source_id,
    count(criterion.indicator_code) as indicator_count,
    coalesce(sum(criterion.max_points), 0)::double as max_points
from year
left join criterion on year.year = criterion.year
group by all
order by year.year desc
