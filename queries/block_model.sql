-- purpose: The models that the block builds and replicates.
-- params:
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   model_code           VARCHAR  identifier
--   model_name           VARCHAR  in the language asked for
--   definition           VARCHAR  likewise, or null
--   is_definition_sample BOOLEAN  the definition is not one that the block has adopted
--   is_sample            BOOLEAN  the model itself is made up
--   source_id            VARCHAR  see sources.toml
-- reads: model
select
    model_code,
    in_language(name, $language) as model_name,
    in_language(definition, $language) as definition,
    is_definition_sample,
    is_sample,
    source_id
from model
order by position
