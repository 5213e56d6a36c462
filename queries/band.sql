-- purpose: The bands by which a score can be read, highest first.
-- params:
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   band_name     VARCHAR  in the language asked for
--   above_percent DOUBLE   lower limit in percent of the points that can be had, itself not in the band
--   source_id     VARCHAR  who set it, see source
-- reads: band
select
    in_language(name, $language) as band_name,
    above_percent,
    source_id
from band
order by above_percent desc
