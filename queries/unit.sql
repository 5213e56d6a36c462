-- purpose: All units with their place and size; members first, by name as its own alphabet has it.
-- params:
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   unit_code      VARCHAR  official code
--   unit_name      VARCHAR  in the language asked for
--   kind           VARCHAR  ward, commune, province ...
--   cluster        VARCHAR  or null
--   is_member      BOOLEAN  it is ranked now
--   area_km2       DOUBLE   or null
--   population     BIGINT   or null
--   lat            DOUBLE   centre, degrees, or null
--   lon            DOUBLE   centre, degrees, or null
--   label_lat      DOUBLE   a point well inside, degrees, or null
--   label_lon      DOUBLE   a point well inside, degrees, or null
--   note           VARCHAR  or null
--   merged_from_vi VARCHAR  what it was merged from, or null
--   member_from    DATE     first day as a member, or null
--   member_to      DATE     last day as a member, or null
--   source_id      VARCHAR  see sources.toml
-- reads: unit
select
    unit_code,
    in_language(name, $language) as unit_name,
    kind,
    cluster,
    is_member,
    area_km2,
    population,
    lat,
    lon,
    label_lat,
    label_lon,
    note,
    merged_from_vi,
    member_from,
    member_to,
    source_id
from unit
order by is_member desc, unit_name collate vi, unit_code
