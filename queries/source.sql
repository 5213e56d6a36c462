-- purpose: Every source of the data folder, those of most figures first.
-- params:
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   source_id    VARCHAR  see sources.toml
--   title        VARCHAR  in the language asked for
--   producer     VARCHAR  who publishes it
--   url          VARCHAR  or empty
--   published    DATE     or null
--   accessed     DATE     or null
--   licence      VARCHAR  or empty
--   note         VARCHAR  or empty
--   figure_count BIGINT   figures from it that count, in all periods
-- reads: source, value
with used as (
    select
        value.source_id,
        count(*) as figure_count
    from value
    where value.value is not null or value.is_empty
    group by all
)

select
    source.source_id,
    in_language(source.title, $language) as title,
    source.producer,
    source.url,
    source.published,
    source.accessed,
    source.licence,
    source.note,
    coalesce(used.figure_count, 0) as figure_count
from source
left join used on source.source_id = used.source_id
order by coalesce(used.figure_count, 0) desc, source.source_id
