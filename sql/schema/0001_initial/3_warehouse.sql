-- Dimensions, bitemporal facts, corrections and access.

CREATE SCHEMA warehouse;
CREATE SCHEMA mart;
COMMENT ON SCHEMA warehouse IS 'Dimensions, and facts with the system time over which each was known.';
COMMENT ON SCHEMA mart IS 'Views for readers; their columns are a data contract.';

-- Dimensions -----------------------------------------------------------------------------------------------------------

CREATE TABLE warehouse.dim_reform_area (
    reform_area_key integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reform_area_code text NOT NULL UNIQUE,
    sort_order integer NOT NULL,
    name_vi text NOT NULL,
    name_en text NOT NULL
);

CREATE TABLE warehouse.dim_district (
    district_key integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_code text NOT NULL,
    unit_code text NOT NULL DEFAULT '',
    level text NOT NULL DEFAULT 'district' CHECK (level IN ('district', 'commune')),
    name_vi text NOT NULL,
    name_en text NOT NULL,
    sort_name text NOT NULL,
    district_type text NOT NULL,
    province_code text NOT NULL,
    commune_count integer NOT NULL,
    valid_from date NOT NULL DEFAULT '-infinity',
    valid_to date NOT NULL DEFAULT 'infinity',
    source text NOT NULL,
    UNIQUE (district_code, valid_from)
);
COMMENT ON TABLE warehouse.dim_district IS 'Slowly changing dimension (type 2): one row per version of a unit.';
COMMENT ON COLUMN warehouse.dim_district.district_key IS 'Surrogate key: codes can move from one unit to another.';
COMMENT ON COLUMN warehouse.dim_district.unit_code IS 'Identifies the unit across its versions; differs from district_code if another unit had that code before.';
COMMENT ON COLUMN warehouse.dim_district.sort_name IS 'Name without type and accents: PostgreSQL without extensions has no Vietnamese collation.';

CREATE TABLE warehouse.commune_change (
    changed_on date NOT NULL,
    district_code text NOT NULL,
    old_code text NOT NULL,
    old_name text NOT NULL,
    new_code text NOT NULL,
    new_name text NOT NULL,
    basis text NOT NULL,
    PRIMARY KEY (changed_on, district_code, old_name)
);
COMMENT ON TABLE warehouse.commune_change IS 'Communes merged or renamed, with the date and the legal basis.';

CREATE TABLE warehouse.dim_period (
    period_key integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    period_code text NOT NULL UNIQUE,
    year integer NOT NULL,
    term text NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    is_cumulative boolean NOT NULL,
    name_vi text NOT NULL,
    name_en text NOT NULL,
    due_at timestamptz NOT NULL,
    deadline_source text NOT NULL
);
COMMENT ON COLUMN warehouse.dim_period.due_at IS 'Midnight at the end of the last day on time, Asia/Ho_Chi_Minh.';

CREATE TABLE warehouse.derived_period (
    period_code text PRIMARY KEY,
    year integer NOT NULL,
    term text NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    is_cumulative boolean NOT NULL,
    name_vi text NOT NULL,
    name_en text NOT NULL
);
COMMENT ON TABLE warehouse.derived_period IS 'Periods whose flows can be computed from other periods, whether or not they are reported themselves.';

CREATE TABLE warehouse.derived_period_part (
    period_code text NOT NULL REFERENCES warehouse.derived_period,
    way integer NOT NULL,
    part_number integer NOT NULL,
    part_code text NOT NULL,
    sign integer NOT NULL CHECK (sign IN (-1, 1)),
    PRIMARY KEY (period_code, way, part_number),
    UNIQUE (period_code, way, part_code)
);
CREATE INDEX derived_period_part_by_part ON warehouse.derived_period_part (part_code);
COMMENT ON TABLE warehouse.derived_period_part IS 'The signed terms of each formula for a derived period, for example Q2 = H1 - Q1.';

CREATE TABLE warehouse.dim_form (
    form_key integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    form_code text NOT NULL UNIQUE,
    issuer text NOT NULL,
    document_no text NOT NULL,
    issued_on date NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    title_vi text NOT NULL,
    title_en text NOT NULL,
    row_count integer NOT NULL,
    asked_count integer NOT NULL,
    is_draft boolean NOT NULL DEFAULT false
);
COMMENT ON COLUMN warehouse.dim_form.asked_count IS 'Rows that ask for a value, without headings: the denominator of a report''s coverage.';
COMMENT ON COLUMN warehouse.dim_form.is_draft IS 'Drafted by this project because the issued form is not available yet.';

CREATE TABLE warehouse.dim_indicator (
    indicator_key integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    indicator_code text NOT NULL UNIQUE,
    reform_area_code text NOT NULL REFERENCES warehouse.dim_reform_area (reform_area_code),
    parent_code text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('heading', 'count', 'rate', 'code_list', 'text')),
    unit_vi text NOT NULL,
    unit_en text NOT NULL,
    code_labels_vi text NOT NULL,
    code_labels_en text NOT NULL,
    nature text NOT NULL CHECK (nature IN ('flow', 'stock', 'cumulative', 'year_to_date', '')),
    sort_order integer NOT NULL,
    name_vi text NOT NULL,
    name_en text NOT NULL
);

CREATE TABLE warehouse.series_break (
    indicator_code text NOT NULL REFERENCES warehouse.dim_indicator (indicator_code),
    broken_on date NOT NULL,
    reason_vi text NOT NULL,
    reason_en text NOT NULL,
    source text NOT NULL,
    PRIMARY KEY (indicator_code, broken_on)
);
COMMENT ON TABLE warehouse.series_break IS 'Dates from which an indicator is no longer comparable with its earlier values.';

CREATE TABLE warehouse.form_row (
    form_key integer NOT NULL REFERENCES warehouse.dim_form,
    row_number integer NOT NULL,
    path text NOT NULL,
    item text NOT NULL,
    label text NOT NULL,
    unit text NOT NULL,
    indicator_code text NOT NULL REFERENCES warehouse.dim_indicator (indicator_code),
    is_asked boolean NOT NULL,
    is_required boolean NOT NULL,
    PRIMARY KEY (form_key, row_number),
    UNIQUE (form_key, indicator_code)
);
COMMENT ON TABLE warehouse.form_row IS 'The rows of each form as printed, with the indicator that each asks for.';

-- Facts ----------------------------------------------------------------------------------------------------------------

CREATE TABLE warehouse.fact_submission (
    submission_id bigint PRIMARY KEY REFERENCES raw.submission,
    district_key integer NOT NULL REFERENCES warehouse.dim_district,
    period_key integer NOT NULL REFERENCES warehouse.dim_period,
    form_key integer NOT NULL REFERENCES warehouse.dim_form,
    received_at timestamptz NOT NULL,
    accepted_at timestamptz NOT NULL,
    signed_on date,
    is_simulated boolean NOT NULL,
    warning_count integer NOT NULL
);
CREATE INDEX fact_submission_by_unit ON warehouse.fact_submission (period_key, district_key);
COMMENT ON TABLE warehouse.fact_submission IS 'Every submission that was ever accepted, as of its acceptance.';

CREATE TABLE warehouse.correction (
    correction_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_code text NOT NULL,
    period_code text NOT NULL,
    indicator_code text NOT NULL REFERENCES warehouse.dim_indicator (indicator_code),
    from_value numeric,
    from_status text NOT NULL,
    expected_value numeric,
    expected_status text NOT NULL,
    value numeric,
    value_status text NOT NULL CHECK (value_status IN ('reported', 'blank', 'not_applicable', 'not_done')),
    reason text NOT NULL CHECK (reason <> ''),
    corrected_by text NOT NULL,
    corrected_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((value IS NOT NULL) = (value_status = 'reported')),
    CHECK ((expected_value IS NOT NULL) = (expected_status = 'reported')),
    CHECK ((value, value_status) IS DISTINCT FROM (from_value, from_status))
);
CREATE INDEX correction_by_unit ON warehouse.correction (period_code, district_code);
COMMENT ON TABLE warehouse.correction IS 'Value corrections by the province. The latest one for a district, period and indicator applies; none is ever removed.';
COMMENT ON COLUMN warehouse.correction.from_value IS 'The value before this correction, possibly set by an earlier correction.';
COMMENT ON COLUMN warehouse.correction.expected_value IS 'The reported value that was corrected; the correction is stale once a later report has another value.';

-- At most one version of a fact ends at infinity, so the primary key also guarantees a single current version.
-- A foreign key that is checked row by row makes a load 1.8 to 2.5 times as slow, so only correction_id has one (it is
-- NULL in most rows). The other keys come from the tables they refer to: facts are written only by
-- warehouse.reconcile_facts, and the triggers below keep what facts refer to (docs/adr/0014-one-loading-path.md).
CREATE TABLE warehouse.fact_observation (
    district_key integer NOT NULL,
    period_key integer NOT NULL,
    indicator_key integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    submission_id bigint NOT NULL,
    value numeric,
    value_status text NOT NULL CHECK (
        value_status IN ('reported', 'blank', 'not_applicable', 'not_done', 'undecidable')
    ),
    note text NOT NULL,
    raw_value text NOT NULL,
    location text NOT NULL,
    correction_id bigint REFERENCES warehouse.correction,
    PRIMARY KEY (period_key, district_key, indicator_key, known_to),
    CHECK (known_from < known_to),
    CHECK ((value IS NOT NULL) = (value_status = 'reported'))
);
COMMENT ON TABLE warehouse.fact_observation IS 'One version of the value of an indicator for a district and period. known_from and known_to are system time; only known_to is ever updated, once.';
COMMENT ON COLUMN warehouse.fact_observation.correction_id IS 'The correction that this version comes from, NULL if it is the reported value. raw_value and location are always those of the report.';

CREATE FUNCTION warehouse.keep_history() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a closed version of %.% cannot be changed', tg_table_schema, tg_table_name
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER fact_observation_closes_once BEFORE UPDATE ON warehouse.fact_observation
FOR EACH ROW WHEN (old.known_to <> 'infinity') EXECUTE FUNCTION warehouse.keep_history();

CREATE FUNCTION warehouse.keep_referenced() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'facts refer to %.%: its rows and keys cannot be removed', tg_table_schema, tg_table_name
        USING ERRCODE = 'foreign_key_violation';
END
$$;
COMMENT ON FUNCTION warehouse.keep_referenced IS 'The other half of the omitted foreign keys: rows that facts refer to are never deleted and keep their keys.';
CREATE TRIGGER dim_indicator_stays BEFORE DELETE OR TRUNCATE OR UPDATE OF indicator_key ON warehouse.dim_indicator
FOR EACH STATEMENT EXECUTE FUNCTION warehouse.keep_referenced();
CREATE TRIGGER fact_submission_stays
BEFORE DELETE OR TRUNCATE OR UPDATE OF submission_id, district_key, period_key ON warehouse.fact_submission
FOR EACH STATEMENT EXECUTE FUNCTION warehouse.keep_referenced();

-- Access ---------------------------------------------------------------------------------------------------------------

CREATE TABLE warehouse.period_release (
    period_code text PRIMARY KEY REFERENCES warehouse.dim_period (period_code),
    released_at timestamptz NOT NULL,
    released_by text NOT NULL,
    reason text NOT NULL,
    entered_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE warehouse.period_release IS 'When a period was released: from then on every district sees all rows of it, before that only its own.';

CREATE TABLE warehouse.district_account (
    account text NOT NULL,
    district_code text NOT NULL,
    granted_by text NOT NULL,
    granted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account, district_code)
);
COMMENT ON TABLE warehouse.district_account IS 'The districts whose rows a member of cchc_district can see.';

CREATE TABLE warehouse.access_event (
    access_event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject text NOT NULL,
    change text NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    happened_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE warehouse.access_event IS 'Audit trail of released periods and district accounts: who, when and why.';
