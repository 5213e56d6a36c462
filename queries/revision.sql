-- purpose: Figures of one indicator, or of all, that counted and were changed later, newest first.
-- params:
--   $indicator VARCHAR  indicator_code; empty means all
-- columns:
--   unit_code      VARCHAR    official code
--   indicator_code VARCHAR    see indicator
--   period         VARCHAR    what the figure measures
--   old_value      DOUBLE     in the indicator's unit; null where there was no figure
--   new_value      DOUBLE     in the indicator's unit; null where the figure was withdrawn
--   changed_at     TIMESTAMP  UTC
--   action         VARCHAR    accept, correct or harvest
--   source_id      VARCHAR    see source
-- reads: indicator, revision
with scale as (
    select
        indicator_code,
        case when unit = '%' then 100 else 1 end as factor
    from indicator
)

select
    revision.unit_code,
    revision.indicator_code,
    revision.period,
    -- The counts give the exact figure; a value stated beside them is a rounding of it.
    coalesce(scale.factor * (revision.old_numerator / nullif(revision.old_denominator, 0)), revision.old_value)
        as old_value,
    coalesce(scale.factor * (revision.new_numerator / nullif(revision.new_denominator, 0)), revision.new_value)
        as new_value,
    revision.changed_at,
    revision.action,
    revision.source_id
from revision
inner join scale on revision.indicator_code = scale.indicator_code
where $indicator = '' or revision.indicator_code = $indicator
order by revision.changed_at desc, revision.unit_code, revision.period
