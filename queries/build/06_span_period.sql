-- purpose: The ranked periods of each quarter and year. Unfinished ones do not count in its mean, unless all are, or
--   unless they have closed and gaps count nothing: leaving figures out takes no bad month out of a year.
-- columns:
--   kind        VARCHAR  quarter or year
--   span        VARCHAR  such as 2026-Q3 or 2026
--   period      VARCHAR  ranked period
--   position    BIGINT   of the period; 1 = the first
--   is_finished BOOLEAN  of the period
--   is_counted  BOOLEAN  it counts in the mean
-- reads: block, period, ranked_period, year
with spanned as (
    select
        'quarter' as kind,
        ranked_period.year || '-Q' || quarter(ranked_period.starts_on) as span,
        ranked_period.*
    from ranked_period
    union all
    select
        'year' as kind,
        ranked_period.year::varchar as span,
        ranked_period.*
    from ranked_period
)

select
    spanned.kind,
    spanned.span,
    spanned.period,
    spanned.position,
    spanned.is_finished,
    spanned.is_finished
    or (period.is_closed and year.missing_after_deadline = 'zero')
    or not bool_or(spanned.is_finished) over (partition by spanned.kind, spanned.span) as is_counted
from spanned
inner join period on spanned.period = period.period
inner join year on spanned.year = year.year
cross join block
where months_in(spanned.kind) >= months_in(block.frequency)
