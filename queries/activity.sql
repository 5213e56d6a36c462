-- purpose: The block's programme in the order of time.
-- params:
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   activity_id VARCHAR    identifier; stays the same when the entry moves
--   title       VARCHAR    in the language asked for
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
    in_language(activity.title, $language) as title,
    activity.starts_at,
    activity.ends_at,
    activity.is_all_day,
    activity.status,
    activity.owner_unit,
    coalesce(
        in_language(activity.owner, $language),
        in_language(unit.name, $language)
    ) as owner,
    in_language(activity.place, $language) as place,
    in_language(activity.outcome, $language) as outcome,
    activity.is_sample,
    activity.source_id
from activity
left join unit on activity.owner_unit = unit.unit_code
order by activity.starts_at, activity.activity_id
