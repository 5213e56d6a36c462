-- purpose: The criteria set in force in a year, in the order of the theme tree, with every rule and limit.
-- params:
--   $year     INTEGER  calendar year
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   indicator_code VARCHAR  identifier
--   node_code      VARCHAR  theme it belongs to
--   indicator_name VARCHAR  in the language asked for
--   definition     VARCHAR  in the language asked for
--   search_text    VARCHAR  code, names and definitions in all languages
--   unit           VARCHAR  of measure
--   decimals       INTEGER  it is written with
--   frequency      VARCHAR  month, quarter or year
--   source_id      VARCHAR  see sources.toml
--   owner          VARCHAR  the office that answers for its figures, or null
--   rule           VARCHAR  null where it is not scored that year
--   max_points     DOUBLE   or null
--   zero_at        DOUBLE   value that earns nothing, or null
--   full_at        DOUBLE   value that earns all points, or null
--   weight         DOUBLE   multiplies the points in the theme, or null
--   if_empty       VARCHAR  what a 0/0 ratio gets, or null
--   value_decimals INTEGER  the value is rounded to before the rule, or null
--   note           VARCHAR  or null
-- reads: criterion, indicator, node
select
    indicator.indicator_code,
    indicator.theme_code as node_code,
    in_language(indicator.name, $language) as indicator_name,
    in_language(indicator.definition, $language) as definition,
    concat_ws(
        ' ', indicator.indicator_code, in_all_languages(indicator.name), in_all_languages(indicator.definition)
    ) as search_text,
    indicator.unit,
    indicator.decimals,
    indicator.frequency,
    indicator.source_id,
    indicator.owner,
    criterion.rule,
    criterion.max_points,
    criterion.zero_at,
    criterion.full_at,
    criterion.weight,
    criterion.if_empty,
    criterion.value_decimals,
    criterion.note
from indicator
inner join node on indicator.theme_code = node.node_code
left join criterion
    on indicator.indicator_code = criterion.indicator_code and criterion.year = $year
order by node.path, indicator.indicator_code
