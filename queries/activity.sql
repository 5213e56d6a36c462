-- purpose: The block's programme in the order of time.
-- params:
--   $language VARCHAR  vi, en or hi
-- columns:
--   activity_id VARCHAR    identifier; stays the same when the entry moves
--   title       VARCHAR    in the language asked for, else in Vietnamese
--   starts_at   TIMESTAMP  on the block's own clock
--   ends_at     TIMESTAMP  likewise, or null; of an all-day entry the last day itself
--   is_all_day  BOOLEAN    it is given by the day
--   status      VARCHAR    planned, under_way, done, postponed or cancelled
--   owner_unit  VARCHAR    unit code of who is responsible, or null
--   owner       VARCHAR    who is responsible: the unit's name, or what the file says, or null
--   place       VARCHAR    or null
--   outcome     VARCHAR    what came of it, or null
--   is_sample   BOOLEAN    nobody's real programme
--   source_id   VARCHAR    see sources.toml
-- reads: activity, unit
select
    activity.activity_id,
    coalesce(
        case $language when 'en' then activity.title_en when 'hi' then activity.title_hi end, activity.title_vi
    ) as title,
    activity.starts_at,
    activity.ends_at,
    activity.is_all_day,
    activity.status,
    activity.owner_unit,
    coalesce(
        case $language when 'en' then activity.owner_en when 'hi' then activity.owner_hi end,
        activity.owner_vi,
        case $language
            when 'en' then unit.name_en
            when 'hi' then coalesce(unit.name_hi, unit.name_vi)
            else unit.name_vi
        end
    ) as owner,
    coalesce(
        case $language when 'en' then activity.place_en when 'hi' then activity.place_hi end, activity.place_vi
    ) as place,
    coalesce(
        case $language when 'en' then activity.outcome_en when 'hi' then activity.outcome_hi end, activity.outcome_vi
    ) as outcome,
    activity.is_sample,
    activity.source_id
from activity
left join unit on activity.owner_unit = unit.unit_code
order by activity.starts_at, activity.activity_id
