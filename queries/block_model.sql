-- purpose: The models that the block builds and replicates.
-- params:
--   $language VARCHAR  vi, en or hi
-- columns:
--   model_code           VARCHAR  identifier
--   model_name           VARCHAR  in the language asked for, else in Vietnamese
--   definition           VARCHAR  likewise, or null
--   is_definition_sample BOOLEAN  the definition is not one that the block has adopted
--   is_sample            BOOLEAN  the model itself is made up
--   source_id            VARCHAR  see sources.toml
-- reads: model
select
    model_code,
    coalesce(case $language when 'en' then name_en when 'hi' then name_hi end, name_vi) as model_name,
    coalesce(
        case $language when 'en' then definition_en when 'hi' then definition_hi end, definition_vi
    ) as definition,
    is_definition_sample,
    is_sample,
    source_id
from model
order by position
