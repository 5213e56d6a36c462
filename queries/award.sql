-- purpose: The titles that are proposed at the end of a year, by the rule of block.toml.
-- params:
--   $year     INTEGER  calendar year
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   award_name   VARCHAR  in the language asked for
--   from_place   INTEGER  first place that gets it
--   places       INTEGER  last place that gets it
--   min_coverage DOUBLE   share of the figures that must be there, 0 to 1
--   is_sample    BOOLEAN  no rule that the block has adopted
-- reads: award
select
    in_language(name, $language) as award_name,
    from_place,
    places,
    min_coverage,
    is_sample
from award
where year = $year
order by position
