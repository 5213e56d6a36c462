-- purpose: Outliers of relative indicators, pulled in or put on a logarithm, as the table treatment says.
--   treatment is computed from the imputed figures before this step, and is empty unless block.toml asks for it.
-- columns:
--   period         VARCHAR  ranked period
--   unit_code      VARCHAR  member
--   indicator_code VARCHAR  scored indicator
--   value          DOUBLE   treated; null where missing
-- reads: imputed, treatment
select
    imputed.period,
    imputed.unit_code,
    imputed.indicator_code,
    case
        when imputed.value is null or treatment.method is null then imputed.value
        when treatment.method = 'winsorised' then least(greatest(imputed.value, treatment.low), treatment.high)
        when treatment.is_mirrored then -ln(treatment.high + treatment.log_offset - imputed.value)
        else ln(imputed.value - treatment.low + treatment.log_offset)
    end as value
from imputed
left join treatment
    on imputed.period = treatment.period and imputed.indicator_code = treatment.indicator_code
