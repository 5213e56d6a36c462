-- purpose: Which member pilots, adopted or was recognised for which model, and since when.
-- columns:
--   unit_code  VARCHAR  official code
--   model_code VARCHAR  see queries/block_model.sql
--   stage      VARCHAR  pilot, adopted, recognised or stopped
--   since      DATE     from this day on
--   evidence   VARCHAR  or null
--   link       VARCHAR  web address, or null
--   is_sample  BOOLEAN  nobody's real step
--   source_id  VARCHAR  see sources.toml
-- reads: adoption
select
    unit_code,
    model_code,
    stage,
    since,
    evidence,
    link,
    is_sample,
    source_id
from adoption
order by since, unit_code, model_code
