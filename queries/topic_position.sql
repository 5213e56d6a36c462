-- purpose: Where members stand on the topics of consultation.
-- params:
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   topic_id  VARCHAR  see queries/topic.sql
--   unit_code VARCHAR  official code
--   stance    VARCHAR  agree, amend, disagree or abstain
--   position  VARCHAR  in the language asked for, or null
--   given_on  DATE     or null
--   is_sample BOOLEAN  nobody's real position
-- reads: topic_position
select
    topic_id,
    unit_code,
    stance,
    in_language(text, $language) as position,
    given_on,
    is_sample
from topic_position
order by topic_id, unit_code
