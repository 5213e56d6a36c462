-- purpose: The groups of neighbouring members that the map zooms in on.
-- params:
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   cluster      VARCHAR  code
--   cluster_name VARCHAR  in the language asked for
-- reads: cluster
select
    cluster,
    in_language(name, $language) as cluster_name
from cluster
order by position
