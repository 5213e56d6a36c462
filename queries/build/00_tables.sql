-- purpose: The tables a snapshot is filled with from the data folder; the steps after this one compute from them.
create macro months_in(kind) as case kind when 'month' then 1 when 'quarter' then 3 when 'year' then 12 end;

create table block (
    snapshot_id varchar not null,
    content_sha256 varchar not null,
    built_at timestamp not null,
    program_version varchar not null,
    folder varchar not null,
    folder_sha256 varchar not null,
    default_language varchar not null,
    frequency varchar not null,
    aggregation varchar not null,
    points_decimals integer,
    min_coverage double,
    imputation varchar not null,
    treatment varchar not null,
    winsorise_max integer not null,
    skew_limit double not null,
    kurtosis_limit double not null,
    range_draws integer not null,
    range_spread double not null,
    range_seed bigint not null,
    name_vi varchar not null, name_en varchar not null, name_hi varchar not null,
    club_name_vi varchar, club_name_en varchar, club_name_hi varchar,
    unit_kind_vi varchar, unit_kind_en varchar, unit_kind_hi varchar,
    boundaries_path varchar, boundaries_key varchar, boundaries_source_id varchar
);

-- The range a value can have, by its indicator's unit of measure.
create table unit_limit (
    unit varchar not null,
    low double not null,
    high double not null
);

-- What is done to outliers; filled after the step imputed, where block.toml asks for it.
create table treatment (
    period varchar not null,
    indicator_code varchar not null,
    method varchar not null,
    low double not null,
    high double not null,
    log_offset double,
    is_mirrored boolean,
    treated_count integer not null,
    skewness_before double not null,
    kurtosis_before double not null,
    skewness_after double not null,
    kurtosis_after double not null
);

-- How far a rank can be trusted; filled after the step score from seeded draws of the weights (see docs/method.md).
create table rank_range (
    period varchar not null,
    node_code varchar not null,
    unit_code varchar not null,
    rank_low integer not null,
    rank_high integer not null,
    rank_mean double not null,
    missing_best integer not null,
    missing_worst integer not null,
    method_best integer not null,
    method_worst integer not null,
    group_number integer not null,
    group_size integer not null
);

-- Share of the draws in which a unit took a place; places never taken are left out, and so are large blocks.
create table rank_share (
    period varchar not null,
    node_code varchar not null,
    unit_code varchar not null,
    rank integer not null,
    share double not null
);

create table year (
    year integer not null,
    criteria varchar not null,
    missing varchar not null,
    is_sample boolean not null,
    head_unit varchar,
    decision varchar,
    deadline date,
    total_points double,
    source_id varchar
);

create table cluster (
    cluster varchar not null,
    position integer not null,
    name_vi varchar not null, name_en varchar not null, name_hi varchar not null
);

create table period (
    period varchar not null,
    kind varchar not null,
    year integer not null,
    starts_on date not null,
    ends_on date not null
);

create table unit (
    unit_code varchar not null,
    name_vi varchar not null, name_en varchar not null, name_hi varchar,
    kind varchar not null,
    cluster varchar,
    is_member boolean not null,
    area_km2 double,
    population bigint,
    lat double, lon double,
    label_lat double, label_lon double,
    source_id varchar not null,
    note varchar,
    merged_from_vi varchar
);

create table theme (
    theme_code varchar not null,
    parent_code varchar,
    name_vi varchar not null, name_en varchar not null, name_hi varchar not null,
    weight double not null,
    aggregation varchar not null,
    position integer not null,
    colour varchar,
    icon varchar
);

create table indicator (
    indicator_code varchar not null,
    theme_code varchar not null,
    name_vi varchar not null, name_en varchar not null, name_hi varchar not null,
    definition_vi varchar not null, definition_en varchar not null, definition_hi varchar not null,
    unit varchar not null,
    frequency varchar not null,
    decimals integer not null,
    source_id varchar not null
);

create table criterion (
    year integer not null,
    indicator_code varchar not null,
    max_points double not null,
    rule varchar not null,
    zero_at double,
    full_at double,
    weight double,
    if_empty varchar not null,
    note varchar,
    value_decimals integer,
    direction integer
);

create table figure (
    unit_code varchar not null,
    indicator_code varchar not null,
    period varchar not null,
    value double,
    numerator double,
    denominator double,
    status varchar not null,
    source_id varchar not null,
    note varchar
);

create table adjustment (
    unit_code varchar not null,
    period varchar not null,
    points double not null,
    reason varchar not null,
    source_id varchar not null
);

create table target (
    unit_code varchar not null,
    indicator_code varchar not null,
    year integer not null,
    target double not null,
    signed_on date
);

create table benchmark (
    area_name varchar not null,
    indicator_code varchar not null,
    period varchar not null,
    value double not null,
    source_id varchar not null
);

-- Figures that counted and were changed by a later entry of the ledger.
create table revision (
    unit_code varchar not null,
    indicator_code varchar not null,
    period varchar not null,
    old_value double, old_numerator double, old_denominator double,
    new_value double, new_numerator double, new_denominator double,
    changed_at timestamp not null,
    action varchar not null,
    source_id varchar not null
);

create table source (
    source_id varchar not null,
    title varchar not null,
    title_en varchar,
    title_hi varchar,
    producer varchar not null,
    url varchar not null,
    published date,
    accessed date,
    licence varchar not null,
    note varchar not null
);
