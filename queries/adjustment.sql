-- purpose: Bonus and penalty points of the members, one line for each decision, with its reason and source.
-- params:
--   $periods  VARCHAR[]  ranked periods
--   $language VARCHAR    a code of locales/languages.toml
-- columns:
--   period       VARCHAR  in which they count
--   unit_code    VARCHAR  official code
--   points       DOUBLE   + bonus, - penalty
--   reason       VARCHAR  as it was decided
--   source_id    VARCHAR  see source
--   source_title VARCHAR  in the language asked for
-- reads: adjustment, source
select
    adjustment.period,
    adjustment.unit_code,
    adjustment.points,
    adjustment.reason,
    adjustment.source_id,
    in_language(source.title, $language) as source_title
from adjustment
inner join source on adjustment.source_id = source.source_id
where list_contains($periods, adjustment.period)
order by adjustment.period, adjustment.unit_code, adjustment.points desc, adjustment.reason
