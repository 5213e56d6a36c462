-- purpose: The years of the block, newest first: who heads it, by which decision, since when.
-- params:
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   year        INTEGER  calendar year
--   head_unit   VARCHAR  unit code, or null where it is not known
--   head_name   VARCHAR  in the language asked for, or null
--   head_since  DATE     when it took over, or null
--   deputy_name VARCHAR  unit that stands in for the head, in the language asked for, or null
--   decision    VARCHAR  number of the decision, or null
--   deadline    DATE     for the year's figures, or null
--   is_sample   BOOLEAN  the criteria are a sample
--   source_id   VARCHAR  see sources.toml, or null
-- reads: unit, year
select
    year.year,
    year.head_unit,
    in_language(unit.name, $language) as head_name,
    year.head_since,
    in_language(deputy.name, $language) as deputy_name,
    year.decision,
    year.deadline,
    year.is_sample,
    year.source_id
from year
left join unit on year.head_unit = unit.unit_code
left join unit as deputy on year.deputy_unit = deputy.unit_code
order by year.year desc
