-- purpose: The block and the snapshot itself, one row.
-- params:
--   $language VARCHAR  a code of locales/languages.toml
-- columns:
--   snapshot_id      VARCHAR    file name of the snapshot
--   content_sha256   VARCHAR    digest of the data and the recipe it was built with
--   built_at         TIMESTAMP  UTC
--   program_version  VARCHAR    version that built it
--   folder           VARCHAR    name of the data folder
--   folder_sha256    VARCHAR    digest of its whole path
--   default_language VARCHAR    a code of locales/languages.toml
--   frequency        VARCHAR    month, quarter or year: how often the block ranks
--   block_name       VARCHAR    in the language asked for
--   club_name        VARCHAR    or null
--   unit_kind        VARCHAR    what a member is called, or null
--   leading_coverage DOUBLE     share of the points for which a period needs figures to lead the boards
--   range_draws      INTEGER    draws of the weights behind the rank ranges; 0 where there are none
--   range_spread     DOUBLE     share by which each weight moved up or down in them
--   range_seed       BIGINT     the same seed gives the same draws
--   boundaries_path  VARCHAR    boundary file relative to the data folder, or null
--   boundaries_key   VARCHAR    its column of unit codes, or null
-- reads: block
select
    snapshot_id,
    content_sha256,
    built_at,
    program_version,
    folder,
    folder_sha256,
    default_language,
    frequency,
    in_language(name, $language) as block_name,
    in_language(club_name, $language) as club_name,
    in_language(unit_kind, $language) as unit_kind,
    leading_coverage,
    range_draws,
    range_spread,
    range_seed,
    boundaries_path,
    boundaries_key
from block
