-- The four schemas and their tables. Forward only: a later change is a new numbered file, never an edit of this one.

CREATE SCHEMA raw;
CREATE SCHEMA staging;
CREATE SCHEMA warehouse;
CREATE SCHEMA mart;

COMMENT ON SCHEMA raw IS 'What came, as it came: files by hash and the register of submissions. Nothing is changed here but a status.';
COMMENT ON SCHEMA staging IS 'What was read and found, submission by submission.';
COMMENT ON SCHEMA warehouse IS 'Dimensions, and facts with the time over which each was known.';
COMMENT ON SCHEMA mart IS 'What readers use: views whose columns are promises.';

-- raw ----------------------------------------------------------------------------------------------------------------

CREATE TABLE raw.file (
    sha256 text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    stored_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE raw.file IS 'Original files in the file store; the bytes are there alone, never in PostgreSQL.';

CREATE TABLE raw.sighting (
    source_url text NOT NULL,
    source_version text NOT NULL,
    sha256 text NOT NULL REFERENCES raw.file,
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source_url, source_version)
);
COMMENT ON TABLE raw.sighting IS 'Which state of which place on a drive held which file: a state seen once is not fetched again.';
COMMENT ON COLUMN raw.sighting.source_version IS 'Size and time of change as the drive tells them.';

CREATE TABLE raw.submission (
    submission_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sha256 text NOT NULL REFERENCES raw.file,
    source_url text NOT NULL,
    file_name text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('drive', 'api', 'terminal')),
    received_at timestamptz NOT NULL DEFAULT now(),
    status text NOT NULL DEFAULT 'received' CHECK (
        status IN (
            'received', 'parsed', 'accepted', 'accepted_with_warnings', 'held', 'rejected', 'unreadable', 'duplicate',
            'misfiled', 'withdrawn', 'superseded'
        )
    ),
    status_reason text NOT NULL DEFAULT '',
    duplicate_of bigint REFERENCES raw.submission,
    district_code text,
    period_code text,
    form_code text,
    document_no text NOT NULL DEFAULT '',
    signed_on date,
    is_simulated boolean NOT NULL DEFAULT false,
    facts_sha256 text,
    reader text NOT NULL DEFAULT '',
    UNIQUE (source_url, sha256)
);
CREATE INDEX submission_by_content ON raw.submission (sha256);
CREATE INDEX submission_by_unit ON raw.submission (period_code, district_code, status);
COMMENT ON TABLE raw.submission IS 'Every file that ever came, one row for each place and content; nothing is ever deleted.';
COMMENT ON COLUMN raw.submission.facts_sha256 IS 'Hash of district, period and facts as read: two files with the same one say the same.';

CREATE TABLE raw.submission_event (
    submission_event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    submission_id bigint NOT NULL REFERENCES raw.submission,
    status text NOT NULL,
    reason text NOT NULL DEFAULT '',
    actor text NOT NULL,
    happened_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX submission_event_by_submission ON raw.submission_event (submission_id);
COMMENT ON TABLE raw.submission_event IS 'Who changed the status of a submission, when and why.';

-- The only way to change a status, for every step: it keeps who, when and why. Twice the same is once.
CREATE FUNCTION raw.set_status(target_id bigint, new_status text, new_reason text, actor_name text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
BEGIN
    SELECT s.status, s.status_reason, EXISTS (
        SELECT FROM raw.submission_event AS e WHERE e.submission_id = s.submission_id
    ) AS has_event INTO known
    FROM raw.submission AS s WHERE s.submission_id = target_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no submission %', target_id USING ERRCODE = 'no_data_found';
    END IF;
    IF known.has_event AND known.status = new_status AND known.status_reason = new_reason THEN
        RETURN false;
    END IF;
    UPDATE raw.submission SET status = new_status, status_reason = new_reason WHERE submission_id = target_id;
    INSERT INTO raw.submission_event (submission_id, status, reason, actor)
    VALUES (target_id, new_status, new_reason, actor_name);
    RETURN true;
END
$$;
COMMENT ON FUNCTION raw.set_status IS 'Changes the status of a submission and keeps who, when and why; false if it had that status and reason already.';

-- staging ------------------------------------------------------------------------------------------------------------

CREATE TABLE staging.observation (
    submission_id bigint NOT NULL REFERENCES raw.submission,
    row_number integer NOT NULL,
    reform_area_code text NOT NULL,
    item text NOT NULL,
    indicator_code text NOT NULL,
    label text NOT NULL,
    unit text NOT NULL,
    value numeric,
    value_status text NOT NULL CHECK (
        value_status IN ('reported', 'blank', 'not_applicable', 'not_done', 'heading', 'undecidable')
    ),
    raw_value text NOT NULL,
    note text NOT NULL,
    location text NOT NULL,
    PRIMARY KEY (submission_id, row_number),
    CHECK ((value IS NOT NULL) = (value_status = 'reported'))
);
COMMENT ON TABLE staging.observation IS 'Each row of an appendix as read, with the cell it stands in; indicator_code is empty for a row that the form lacks.';

CREATE TABLE staging.finding (
    submission_id bigint NOT NULL REFERENCES raw.submission,
    finding_number integer NOT NULL,
    rule_code text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('critical', 'warning', 'info')),
    indicator_code text NOT NULL,
    location text NOT NULL,
    found text NOT NULL,
    expected text NOT NULL,
    difference text NOT NULL,
    message_vi text NOT NULL,
    message_en text NOT NULL,
    PRIMARY KEY (submission_id, finding_number)
);
COMMENT ON TABLE staging.finding IS 'Everything that a rule found, for every submission, rejected ones too.';

-- warehouse ----------------------------------------------------------------------------------------------------------

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
    name_vi text NOT NULL,
    name_en text NOT NULL,
    district_type text NOT NULL,
    province_code text NOT NULL,
    commune_count integer NOT NULL,
    valid_from date NOT NULL DEFAULT '-infinity',
    valid_to date NOT NULL DEFAULT 'infinity',
    sort_name text NOT NULL,
    source text NOT NULL,
    UNIQUE (district_code, valid_from)
);
COMMENT ON COLUMN warehouse.dim_district.district_key IS 'Codes move between units, so facts are keyed on this.';
COMMENT ON COLUMN warehouse.dim_district.sort_name IS 'Name without type and accents: plain PostgreSQL has no Vietnamese collation.';

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
COMMENT ON COLUMN warehouse.dim_period.due_at IS 'The midnight that ends the last day on time, Asia/Ho_Chi_Minh.';

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
    asked_count integer NOT NULL
);
COMMENT ON COLUMN warehouse.dim_form.asked_count IS 'Rows that ask for something, headings left out: the base of a report''s coverage.';

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
COMMENT ON TABLE warehouse.form_row IS 'Each row of a form as printed, with the stable indicator that it asks for.';

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
COMMENT ON TABLE warehouse.fact_submission IS 'Each submission that was ever accepted, at the moment of its acceptance.';

CREATE TABLE warehouse.fact_observation (
    district_key integer NOT NULL REFERENCES warehouse.dim_district,
    period_key integer NOT NULL REFERENCES warehouse.dim_period,
    indicator_key integer NOT NULL REFERENCES warehouse.dim_indicator,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    submission_id bigint NOT NULL REFERENCES warehouse.fact_submission,
    value numeric,
    value_status text NOT NULL CHECK (
        value_status IN ('reported', 'blank', 'not_applicable', 'not_done', 'undecidable')
    ),
    note text NOT NULL,
    raw_value text NOT NULL,
    location text NOT NULL,
    PRIMARY KEY (period_key, district_key, indicator_key, known_from),
    CHECK (known_from < known_to),
    CHECK ((value IS NOT NULL) = (value_status = 'reported'))
);
CREATE UNIQUE INDEX fact_observation_now ON warehouse.fact_observation (period_key, district_key, indicator_key)
WHERE known_to = 'infinity';
COMMENT ON TABLE warehouse.fact_observation IS 'One value of one indicator, district and period, over the time it was held to be true; only known_to ever changes, once.';

CREATE FUNCTION warehouse.keep_history() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a fact is closed once and never opened again' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER fact_observation_closes_once BEFORE UPDATE ON warehouse.fact_observation
FOR EACH ROW WHEN (old.known_to <> 'infinity') EXECUTE FUNCTION warehouse.keep_history();
