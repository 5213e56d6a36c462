-- purpose: The quarters or years that hold ranked periods, newest first, with how complete each is.
-- params:
--   $kind VARCHAR  quarter or year
-- columns:
--   span           VARCHAR    the quarter (2026-Q3) or year (2026)
--   year           INTEGER    calendar year
--   starts_on      DATE       first day
--   ends_on        DATE       last day
--   periods        VARCHAR[]  ranked periods in it that count in its mean, oldest first
--   left_out       VARCHAR[]  those that do not, because they are unfinished
--   expected_count BIGINT     as many periods as a whole one has
--   previous_span  VARCHAR    the one before that holds ranked periods, or null
-- reads: block, ranked_period, span_period
with spanned as (
    select
        span_period.span,
        span_period.is_counted,
        ranked_period.*
    from span_period
    inner join ranked_period on span_period.period = ranked_period.period
    where span_period.kind = $kind
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
    list(spanned.period order by spanned.position) filter (where spanned.is_counted) as periods,
    coalesce(list(spanned.period order by spanned.position) filter (where not spanned.is_counted), []) as left_out,
    (months_in($kind) // months_in(any_value(block.frequency)))::bigint as expected_count,
    lag(spanned.span) over (order by spanned.span) as previous_span
from spanned
cross join block
group by spanned.span, spanned.year
order by spanned.span desc
