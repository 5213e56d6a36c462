-- purpose: The tables a snapshot is filled with from the data folder; the steps after this one compute from them.
--   A text is a map by language. Beside each map the program adds its columns: name_vi, name_en ...
-- A text in a language; of one that came later than the snapshot, in the first there is.
create macro in_language(texts, language) as coalesce(texts[language], map_values(texts)[1]);
create macro in_all_languages(texts) as array_to_string(map_values(texts), ' ');

-- Whether a unit is a member on a day: one that has left keeps its places in the periods before.
create macro is_member_on(is_member, member_from, member_to, day) as (is_member or member_to is not null)
and day between coalesce(member_from, day) and coalesce(member_to, day);

-- Whether figures are complete enough to name a leader and to compare: the known share, and the lowest that is enough.
create macro is_enough(share, lowest) as (share >= lowest - 1e-9);

create macro strength_of(status) as list_position(['demonstration', 'reported', 'verified', 'official'], status);
create macro status_of(strength) as ['demonstration', 'reported', 'verified', 'official'][strength];
create macro months_in(kind) as case kind when 'month' then 1 when 'quarter' then 3 when 'year' then 12 end;

create table block (
    snapshot_id varchar not null,
    content_sha256 varchar not null,
    built_at timestamp not null,
    closed_up_to date,
    program_version varchar not null,
    folder varchar not null,
    folder_sha256 varchar not null,
    default_language varchar not null,
    frequency varchar not null,
    aggregation varchar not null,
    points_decimals integer,
    min_coverage double,
    leading_coverage double not null,
    imputation varchar not null,
    treatment varchar not null,
    winsorise_max integer not null,
    skew_limit double not null,
    kurtosis_limit double not null,
    range_draws integer not null,
    range_spread double not null,
    range_seed bigint not null,
    name map (varchar, varchar) not null,
    club_name map (varchar, varchar),
    unit_kind map (varchar, varchar),
    boundaries_path varchar, boundaries_key varchar, boundaries_source_id varchar
);

-- The range a value can have, by its indicator's unit of measure.
create table unit_limit (
    unit varchar not null,
    low double not null,
    high double not null
);

-- What is done to the outliers of an indicator in a period, where block.toml asks for it.
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

-- Each figure on its way to points, written once; imputed, treated and normalised show a step each.
create table scored_figure (
    period varchar not null,
    unit_code varchar not null,
    indicator_code varchar not null,
    imputed_value double,
    is_imputed boolean not null,
    treated_value double,
    node_code varchar not null,
    points double,
    max_points double not null,
    weight double not null
);

-- What is missing, filled in by the method block.toml names; by default nothing is. A 0/0 ratio that has its own answer
-- is never filled in. What a method cannot fill stays missing.
create view imputed as select
    period,
    unit_code,
    indicator_code,
    imputed_value as value,
    is_imputed
from scored_figure;

-- Outliers of relative indicators, pulled in or put on a logarithm, as the table treatment says.
create view treated as select
    period,
    unit_code,
    indicator_code,
    treated_value as value
from scored_figure;

-- Each figure as points, by its criterion's rule; null where it is missing. The weight multiplies them in the theme.
create view normalised as
select
    period,
    unit_code,
    indicator_code,
    node_code,
    points,
    max_points,
    weight
from scored_figure;

-- Score of each theme and of the total, before adjustments; null where nothing is known. coverage is the share of the
-- weight for which there is a figure; weakest_status is 0 demonstration, 1 reported, 2 verified, 3 official.
create table aggregated (
    period varchar not null,
    unit_code varchar not null,
    node_code varchar not null,
    score double,
    max_score double not null,
    coverage double not null,
    indicator_count bigint not null,
    missing_count bigint not null,
    demonstration_count bigint not null,
    weakest_status integer
);

-- How far a rank can be trusted; filled before the step score from seeded draws of the weights (see docs/method.md).
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
    missing_after_deadline varchar not null,
    is_sample boolean not null,
    head_unit varchar,
    decision varchar,
    deadline date,
    total_points double,
    source_id varchar,
    head_since date,
    deputy_unit varchar
);

create table cluster (
    cluster varchar not null,
    position integer not null,
    name map (varchar, varchar) not null
);

-- Bands by which a score can be read, as a share of the points that can be had.
create table band (
    above_percent double not null,
    name map (varchar, varchar) not null,
    source_id varchar not null
);

create table period (
    period varchar not null,
    kind varchar not null,
    year integer not null,
    starts_on date not null,
    ends_on date not null,
    due_on date,
    is_closed boolean not null
);

-- Where units with gaps would stand in a period that has not closed, if what is missing counted nothing for anybody.
create table rank_if_closed (
    period varchar not null,
    unit_code varchar not null,
    node_code varchar not null,
    rank bigint not null
);

create table unit (
    unit_code varchar not null,
    name map (varchar, varchar) not null,
    kind varchar not null,
    cluster varchar,
    is_member boolean not null,
    area_km2 double,
    population bigint,
    lat double, lon double,
    label_lat double, label_lon double,
    source_id varchar not null,
    note varchar,
    merged_from_vi varchar,
    member_from date,
    member_to date
);

create table theme (
    theme_code varchar not null,
    parent_code varchar,
    name map (varchar, varchar) not null,
    weight double not null,
    aggregation varchar not null,
    position integer not null,
    colour varchar,
    icon varchar
);

create table indicator (
    indicator_code varchar not null,
    theme_code varchar not null,
    name map (varchar, varchar) not null,
    definition map (varchar, varchar) not null,
    unit varchar not null,
    frequency varchar not null,
    decimals integer not null,
    source_id varchar not null,
    owner varchar
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
    signed_on date,
    signed_by varchar,
    pace varchar not null,
    is_sample boolean not null,
    source_id varchar
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
    title map (varchar, varchar) not null,
    producer varchar not null,
    url varchar not null,
    published date,
    accessed date,
    licence varchar not null,
    note varchar not null
);

-- The emulation block and the club (docs/club.md). A text empty in a language is filled in from the block's own.
create table award (
    year integer not null,
    position integer not null,
    name map (varchar, varchar) not null,
    places integer not null,
    from_place integer not null,
    min_coverage double not null,
    is_sample boolean not null
);

create table activity (
    activity_id varchar not null,
    title map (varchar, varchar) not null,
    starts_at timestamp not null,
    ends_at timestamp,
    is_all_day boolean not null,
    status varchar not null,
    owner_unit varchar,
    owner map (varchar, varchar),
    place map (varchar, varchar),
    outcome map (varchar, varchar),
    is_sample boolean not null,
    source_id varchar not null
);

create table document (
    document_id varchar not null,
    kind varchar not null,
    number varchar,
    title map (varchar, varchar) not null,
    issued_on date,
    issuer varchar,
    link varchar,
    path varchar,
    is_sample boolean not null,
    source_id varchar not null
);

create table model (
    model_code varchar not null,
    position integer not null,
    name map (varchar, varchar) not null,
    definition map (varchar, varchar),
    is_definition_sample boolean not null,
    is_sample boolean not null,
    source_id varchar not null
);

create table model_criterion (
    model_code varchar not null,
    item integer not null,
    text map (varchar, varchar) not null,
    indicator_code varchar,
    at_least double,
    at_most double,
    is_sample boolean not null,
    source_id varchar not null
);

create table adoption (
    unit_code varchar not null,
    model_code varchar not null,
    stage varchar not null,
    since date not null,
    evidence varchar,
    link varchar,
    is_sample boolean not null,
    source_id varchar not null
);

create table practice (
    practice_id varchar not null,
    unit_code varchar not null,
    title map (varchar, varchar) not null,
    problem map (varchar, varchar) not null,
    action map (varchar, varchar) not null,
    by_whom map (varchar, varchar),
    contact map (varchar, varchar),
    cost_vnd bigint,
    indicator_code varchar not null,
    period_before varchar not null,
    period_after varchar not null,
    model_code varchar,
    link varchar,
    path varchar,
    published_on date,
    is_sample boolean not null,
    source_id varchar not null
);

create table topic (
    topic_id varchar not null,
    field varchar not null,
    question map (varchar, varchar) not null,
    opened_on date not null,
    answers_by date,
    decision map (varchar, varchar),
    reason map (varchar, varchar),
    decided_by map (varchar, varchar),
    decided_on date,
    is_sample boolean not null,
    source_id varchar not null
);

create table topic_position (
    topic_id varchar not null,
    unit_code varchar not null,
    stance varchar not null,
    text map (varchar, varchar),
    given_on date,
    is_sample boolean not null,
    source_id varchar not null
);

-- Figures that the block accepted otherwise than the unit had handed them in.
create table hand_in_difference (
    unit_code varchar not null,
    indicator_code varchar not null,
    period varchar not null,
    handed_in_value double, handed_in_numerator double, handed_in_denominator double,
    accepted_value double, accepted_numerator double, accepted_denominator double,
    accepted_at timestamp not null,
    note varchar
);
