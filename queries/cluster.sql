-- purpose: The groups of neighbouring members that the map zooms in on.
-- params:
--   $language VARCHAR  vi, en or hi
-- columns:
--   cluster      VARCHAR  code
--   cluster_name VARCHAR  in the language asked for
-- reads: cluster
select
    cluster,
    case $language when 'en' then name_en when 'hi' then name_hi else name_vi end as cluster_name
from cluster
order by position
