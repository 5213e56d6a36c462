-- purpose: The choices that hold for the whole index in a year, one row.
-- params:
--   $year INTEGER  calendar year of the criteria
-- columns:
--   aggregation     VARCHAR  of the top-level themes into the total
--   missing         VARCHAR  zero or renormalise
--   min_coverage    DOUBLE   share below which a score is withheld, or null
--   points_decimals INTEGER  each indicator's points are rounded to, or null
--   imputation      VARCHAR  how missing figures are filled in
--   treatment       VARCHAR  what is done to outliers
--   winsorise_max   INTEGER  points pulled in at most
--   skew_limit      DOUBLE   of an indicator that is treated
--   kurtosis_limit  DOUBLE   of an indicator that is treated
-- reads: block, year
select
    block.aggregation,
    year.missing,
    block.min_coverage,
    block.points_decimals,
    block.imputation,
    block.treatment,
    block.winsorise_max,
    block.skew_limit,
    block.kurtosis_limit
from block
inner join year on year.year = $year
