-- purpose: Published practices with their result: what the indicator was before and after, as the figures have it.
-- params:
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   practice_id    VARCHAR  identifier
--   unit_code      VARCHAR  whose practice it is
--   title          VARCHAR  in the language asked for
--   problem        VARCHAR  likewise
--   action         VARCHAR  what was done; likewise
--   by_whom        VARCHAR  or null
--   contact        VARCHAR  office to ask, or null
--   cost_vnd       BIGINT   dong, or null where it is not known
--   indicator_code VARCHAR  what the result is measured by
--   period_before  VARCHAR  before it began
--   period_after   VARCHAR  when its effect is measured
--   value_before   DOUBLE   in the indicator's unit, or null
--   value_after    DOUBLE   likewise
--   status_before  VARCHAR  status of the figure, or null
--   status_after   VARCHAR  likewise
--   model_code     VARCHAR  the model it belongs to, or null
--   link           VARCHAR  web address, or null
--   path           VARCHAR  file in the data folder, or null
--   published_on   DATE     or null
--   is_sample      BOOLEAN  nobody's real practice
--   source_id      VARCHAR  see sources.toml
--   search_text    VARCHAR  all texts of all languages
-- reads: practice, value
select
    practice.practice_id,
    practice.unit_code,
    in_language(title, $language) as title,
    in_language(problem, $language) as problem,
    in_language(action, $language) as action,
    in_language(by_whom, $language) as by_whom,
    in_language(contact, $language) as contact,
    practice.cost_vnd,
    practice.indicator_code,
    practice.period_before,
    practice.period_after,
    figure_before.value as value_before,
    figure_after.value as value_after,
    figure_before.status as status_before,
    figure_after.status as status_after,
    practice.model_code,
    practice.link,
    practice.path,
    practice.published_on,
    practice.is_sample,
    practice.source_id,
    concat_ws(
        ' ', in_all_languages(practice.title), in_all_languages(practice.problem), in_all_languages(practice.action),
        in_all_languages(practice.by_whom), in_all_languages(practice.contact)
    ) as search_text
from practice
left join value as figure_before
    on
        practice.unit_code = figure_before.unit_code
        and practice.indicator_code = figure_before.indicator_code
        and practice.period_before = figure_before.period
left join value as figure_after
    on
        practice.unit_code = figure_after.unit_code
        and practice.indicator_code = figure_after.indicator_code
        and practice.period_after = figure_after.period
order by practice.published_on desc nulls last, practice.practice_id
