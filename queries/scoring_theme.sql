-- purpose: The tree of themes, as the scoring library wants it.
-- columns:
--   theme_code  VARCHAR  identifier
--   parent_code VARCHAR  another theme, or null at the top
--   weight      DOUBLE   in the parent
--   aggregation VARCHAR  sum, arithmetic, geometric or harmonic
--   position    INTEGER  order among siblings
-- reads: theme
select
    theme_code,
    parent_code,
    weight,
    aggregation,
    position
from theme
order by position, theme_code
