-- purpose: The questions on which members are consulted, newest first.
-- params:
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   topic_id   VARCHAR  identifier
--   field      VARCHAR  planning, land, urban_finance, infrastructure ...
--   question   VARCHAR  in the language asked for
--   opened_on  DATE     when it was asked
--   answers_by DATE     or null
--   decision   VARCHAR  in the language asked for, or null
--   reason     VARCHAR  why it was decided so, likewise
--   decided_by VARCHAR  who decided, likewise
--   decided_on DATE     or null
--   is_sample  BOOLEAN  no real consultation
--   source_id  VARCHAR  see sources.toml
-- reads: topic
select
    topic_id,
    field,
    in_language(question, $language) as question,
    opened_on,
    answers_by,
    in_language(decision, $language) as decision,
    in_language(reason, $language) as reason,
    in_language(decided_by, $language) as decided_by,
    decided_on,
    is_sample,
    source_id
from topic
order by opened_on desc, topic_id
