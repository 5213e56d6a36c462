-- purpose: The indicators in the order of the theme tree, with their criterion of one year.
-- params:
--   $year     INTEGER  calendar year of the criteria
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   indicator_code VARCHAR  identifier
--   node_code      VARCHAR  theme it belongs to
--   indicator_name VARCHAR  in the language asked for
--   definition     VARCHAR  in the language asked for
--   unit           VARCHAR  %, points, days ...
--   frequency      VARCHAR  month, quarter or year
--   decimals       INTEGER  it is written with
--   source_id      VARCHAR  see sources.toml
--   rule           VARCHAR  null where it is not scored that year
--   max_points     DOUBLE   or null
--   zero_at        DOUBLE   value that earns nothing, or null
--   full_at        DOUBLE   value that earns all points, or null
--   if_empty       VARCHAR  what a 0/0 ratio gets
-- reads: criterion, indicator, node
select
    indicator.indicator_code,
    indicator.theme_code as node_code,
    in_language(indicator.name, $language) as indicator_name,
    in_language(indicator.definition, $language) as definition,
    indicator.unit,
    indicator.frequency,
    indicator.decimals,
    indicator.source_id,
    criterion.rule,
    criterion.max_points,
    criterion.zero_at,
    criterion.full_at,
    criterion.if_empty
from indicator
inner join node on indicator.theme_code = node.node_code
left join criterion
    on indicator.indicator_code = criterion.indicator_code and criterion.year = $year
order by node.path, indicator.indicator_code
