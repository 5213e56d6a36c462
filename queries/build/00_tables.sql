-- purpose: The tables a snapshot is filled with from the data folder; the steps after this one compute from them.
create macro months_in(kind) as case kind when 'month' then 1 when 'quarter' then 3 when 'year' then 12 end;

create table block (
    snapshot_id varchar not null,
    content_sha256 varchar not null,
    built_at timestamp not null,
    program_version varchar not null,
    folder varchar not null,
    default_language varchar not null,
    frequency varchar not null,
    aggregation varchar not null,
    points_decimals integer,
    name_vi varchar not null, name_en varchar not null, name_hi varchar not null,
    club_name_vi varchar, club_name_en varchar, club_name_hi varchar,
    unit_kind_vi varchar, unit_kind_en varchar, unit_kind_hi varchar,
    boundaries_path varchar, boundaries_key varchar, boundaries_source_id varchar
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
    value_decimals integer
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
