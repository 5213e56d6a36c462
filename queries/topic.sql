-- purpose: The questions on which members are consulted, newest first.
-- params:
--   $language VARCHAR  vi, en or hi
-- columns:
--   topic_id   VARCHAR  identifier
--   field      VARCHAR  planning, land, urban_finance, infrastructure ...
--   question   VARCHAR  in the language asked for, else in Vietnamese
--   opened_on  DATE     when it was asked
--   answers_by DATE     or null
--   decision   VARCHAR  in the language asked for, else in Vietnamese, or null
--   decided_on DATE     or null
--   is_sample  BOOLEAN  no real consultation
--   source_id  VARCHAR  see sources.toml
-- reads: topic
select
    topic_id,
    field,
    coalesce(case $language when 'en' then question_en when 'hi' then question_hi end, question_vi) as question,
    opened_on,
    answers_by,
    coalesce(case $language when 'en' then decision_en when 'hi' then decision_hi end, decision_vi) as decision,
    decided_on,
    is_sample,
    source_id
from topic
order by opened_on desc, topic_id
