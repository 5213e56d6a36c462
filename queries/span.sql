-- purpose: The quarters or years that hold ranked periods, newest first, with how complete each is.
-- params:
--   $kind VARCHAR  quarter or year
-- columns:
--   span           VARCHAR  the quarter (2026-Q3) or year (2026)
--   year           INTEGER  calendar year
--   starts_on      DATE     first day
--   ends_on        DATE     last day
--   first_period   VARCHAR  the first ranked period in it
--   last_period    VARCHAR  the last one so far
--   period_count   BIGINT   ranked periods in it
--   expected_count BIGINT   as many as a whole one has
--   previous_span  VARCHAR  the one before that holds ranked periods, or null
-- reads: block, scored_period
with spanned as (
    select
        scored_period.*,
        case $kind
            when 'quarter' then scored_period.year || '-Q' || quarter(scored_period.starts_on)
            else scored_period.year::varchar
        end as span
    from scored_period
)

select
    spanned.span,
    spanned.year,
    case $kind
        when 'quarter' then date_trunc('quarter', min(spanned.starts_on))
        else date_trunc('year', min(spanned.starts_on))
    end::date as starts_on,
    case $kind
        when 'quarter' then last_day(date_trunc('quarter', min(spanned.starts_on)) + interval 2 month)
        else last_day(date_trunc('year', min(spanned.starts_on)) + interval 11 month)
    end::date as ends_on,
    min_by(spanned.period, spanned.position) as first_period,
    max_by(spanned.period, spanned.position) as last_period,
    count(*) as period_count,
    (months_in($kind) // months_in(any_value(block.frequency)))::bigint as expected_count,
    lag(spanned.span) over (order by spanned.span) as previous_span
from spanned
cross join block
group by spanned.span, spanned.year
order by spanned.span desc
