-- purpose: The sources of the figures of some periods.
-- params:
--   $periods  VARCHAR[]  ranked periods
--   $language VARCHAR    a code of locales/languages.toml
-- columns:
--   source_id    VARCHAR  see sources.toml
--   title        VARCHAR  in the language asked for
--   producer     VARCHAR  who publishes it
--   url          VARCHAR  or empty
--   published    DATE     or null
--   accessed     DATE     or null
--   licence      VARCHAR  or empty
--   figure_count BIGINT   figures from it
-- reads: raw, source
select
    source.source_id,
    in_language(source.title, $language) as title,
    source.producer,
    source.url,
    source.published,
    source.accessed,
    source.licence,
    count(*) as figure_count
from raw
inner join source on raw.source_id = source.source_id
where list_contains($periods, raw.period) and not raw.is_missing
group by all
order by figure_count desc, source.source_id
