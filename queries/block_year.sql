-- purpose: The years of the block, newest first: who heads it, by which decision, since when.
-- params:
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   year           INTEGER  calendar year
--   head_unit      VARCHAR  unit code, or null where it is not known
--   head_name      VARCHAR  in the language asked for, or null
--   head_since     DATE     when it took over, or null
--   decision       VARCHAR  number of the decision, or null
--   deadline       DATE     for the year's figures, or null
--   is_sample      BOOLEAN  the criteria are a sample
--   source_id      VARCHAR  see sources.toml, or null
--   target_count   BIGINT   targets of the emulation contract
--   activity_count BIGINT   entries of the programme that begin in the year
-- reads: activity, target, unit, year
with targets as (
    select
        year,
        count(*) as target_count
    from target
    group by year
),

activities as (
    select
        extract('year' from starts_at) as year,
        count(*) as activity_count
    from activity
    group by all
)

select
    year.year,
    year.head_unit,
    in_language(unit.name, $language) as head_name,
    year.head_since,
    year.decision,
    year.deadline,
    year.is_sample,
    year.source_id,
    coalesce(targets.target_count, 0) as target_count,
    coalesce(activities.activity_count, 0) as activity_count
from year
left join unit on year.head_unit = unit.unit_code
left join targets on year.year = targets.year
left join activities on year.year = activities.year
order by year.year desc
