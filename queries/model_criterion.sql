-- purpose: The checklist of each model; where a line names an indicator, the members' figures of a period answer it.
-- params:
--   $period   VARCHAR  a ranked period
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   model_code     VARCHAR  identifier
--   item           INTEGER  place in the checklist
--   criterion      VARCHAR  in the language asked for
--   indicator_code VARCHAR  or null
--   at_least       DOUBLE   in the indicator's unit, or null
--   at_most        DOUBLE   likewise
--   is_sample      BOOLEAN  no criterion that the block has adopted
--   known_count    BIGINT   members with a figure; 0 where no indicator is named
--   status         VARCHAR  weakest status of these figures, or null
--   met_units      VARCHAR[] codes of the members whose figure meets it
-- reads: model_criterion, raw
select
    criterion.model_code,
    criterion.item,
    in_language(criterion.text, $language) as criterion,
    criterion.indicator_code,
    criterion.at_least,
    criterion.at_most,
    criterion.is_sample,
    count(raw.value) as known_count,
    status_of(min(strength_of(raw.status)) filter (where raw.value is not null)) as status,
    coalesce(
        list(raw.unit_code order by raw.unit_code) filter (
            raw.value >= coalesce(criterion.at_least, raw.value) and raw.value <= coalesce(criterion.at_most, raw.value)
        ),
        []
    ) as met_units
from model_criterion as criterion
left join raw on criterion.indicator_code = raw.indicator_code and raw.period = $period
group by all
order by criterion.model_code, criterion.item
