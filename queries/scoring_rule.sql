-- purpose: How each scored indicator of a year becomes points, as the scoring library wants it.
-- params:
--   $year INTEGER  calendar year of the criteria
-- columns:
--   indicator_code VARCHAR  identifier
--   theme_code     VARCHAR  theme it belongs to
--   max_points     DOUBLE   the most points
--   rule           VARCHAR  see docs/method.md
--   zero_at        DOUBLE   or null
--   full_at        DOUBLE   or null
--   direction      INTEGER  1, -1 or null
--   weight         DOUBLE   or null
--   if_empty       VARCHAR  full, zero or missing
--   value_decimals INTEGER  or null
--   lower_limit    DOUBLE   smallest value possible, or null
--   upper_limit    DOUBLE   largest value possible, or null
-- reads: criterion, indicator, node, unit_limit
select
    indicator.indicator_code,
    indicator.theme_code,
    criterion.max_points,
    criterion.rule,
    criterion.zero_at,
    criterion.full_at,
    criterion.direction,
    criterion.weight,
    criterion.if_empty,
    criterion.value_decimals,
    case when isfinite(unit_limit.low) then unit_limit.low end as lower_limit,
    case when isfinite(unit_limit.high) then unit_limit.high end as upper_limit
from criterion
inner join indicator on criterion.indicator_code = indicator.indicator_code
inner join node on indicator.theme_code = node.node_code
left join unit_limit on indicator.unit = unit_limit.unit
where criterion.year = $year
order by node.path, indicator.indicator_code
