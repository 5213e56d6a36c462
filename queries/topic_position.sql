-- purpose: Where members stand on the topics of consultation.
-- params:
--   $language VARCHAR  vi, en or hi
-- columns:
--   topic_id  VARCHAR  see queries/topic.sql
--   unit_code VARCHAR  official code
--   stance    VARCHAR  agree, amend, disagree or abstain
--   position  VARCHAR  in the language asked for, else in Vietnamese, or null
--   given_on  DATE     or null
--   is_sample BOOLEAN  nobody's real position
-- reads: topic_position
select
    topic_id,
    unit_code,
    stance,
    coalesce(case $language when 'en' then text_en when 'hi' then text_hi end, text_vi) as position,
    given_on,
    is_sample
from topic_position
order by topic_id, unit_code
