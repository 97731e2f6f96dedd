-- Original files and the register of submissions. Nothing here is ever deleted; only a submission's status changes.

CREATE SCHEMA raw;
COMMENT ON SCHEMA raw IS 'Source data as received: files by hash and the register of submissions.';

CREATE TABLE raw.file (
    sha256 text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    stored_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE raw.file IS 'Original files by hash. Their bytes are in the file store only, never in PostgreSQL.';

CREATE TABLE raw.sighting (
    source_url text NOT NULL,
    source_version text NOT NULL,
    sha256 text NOT NULL REFERENCES raw.file,
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source_url, source_version)
);
COMMENT ON TABLE raw.sighting IS 'Versions of files seen on the drives: a version that was seen before is not fetched again.';
COMMENT ON COLUMN raw.sighting.source_version IS 'Size and modification time as reported by the drive.';

-- The status changes often, so it is not indexed and pages keep free space: an update then touches the table only.
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
    replaces bigint REFERENCES raw.submission,
    district_code text,
    period_code text,
    form_code text,
    declared_district_code text NOT NULL DEFAULT '',
    declared_period_code text NOT NULL DEFAULT '',
    document_district_code text NOT NULL DEFAULT '',
    document_period_code text NOT NULL DEFAULT '',
    assigned_district_code text NOT NULL DEFAULT '',
    assigned_period_code text NOT NULL DEFAULT '',
    document_no text NOT NULL DEFAULT '',
    signed_on date,
    window_starts_on date,
    window_ends_on date,
    is_partial boolean NOT NULL DEFAULT false,
    is_simulated boolean NOT NULL DEFAULT false,
    decided_scope text NOT NULL DEFAULT '' CHECK (decided_scope IN ('', 'whole', 'partial')),
    counts_as_signed_on date,
    counts_as_received_at timestamptz,
    form_fit numeric CHECK (form_fit BETWEEN 0 AND 1),
    facts_sha256 text,
    reader text NOT NULL DEFAULT '',
    converted_sha256 text REFERENCES raw.file,
    is_accepted boolean NOT NULL GENERATED ALWAYS AS (status IN ('accepted', 'accepted_with_warnings')) STORED,
    effective_signed_on date NOT NULL GENERATED ALWAYS AS (
        coalesce(counts_as_signed_on, signed_on, (received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
    ) STORED,
    effective_received_at timestamptz NOT NULL GENERATED ALWAYS AS (
        coalesce(counts_as_received_at, received_at)
    ) STORED,
    UNIQUE (source_url, sha256)
) WITH (fillfactor = 80);
CREATE INDEX submission_by_content ON raw.submission (sha256);
CREATE INDEX submission_by_facts ON raw.submission (facts_sha256);
CREATE INDEX submission_by_unit ON raw.submission (period_code, district_code);
COMMENT ON TABLE raw.submission IS 'Every file ever received: one row per location and content.';
COMMENT ON COLUMN raw.submission.replaces IS 'The submission that this one superseded, or, if it is partial, the one that it amended.';
COMMENT ON COLUMN raw.submission.district_code IS 'The district concluded from the declared, document and assigned districts.';
COMMENT ON COLUMN raw.submission.declared_district_code IS 'The district given by the folder or the API; empty if they give none.';
COMMENT ON COLUMN raw.submission.document_district_code IS 'The district named in the document itself.';
COMMENT ON COLUMN raw.submission.assigned_district_code IS 'The district assigned by manual override; takes precedence over the other two.';
COMMENT ON COLUMN raw.submission.window_starts_on IS 'Start of the data window declared in the document; can differ from the period.';
COMMENT ON COLUMN raw.submission.is_partial IS 'A partial submission changes only the values it contains; any other replaces all values of its predecessor.';
COMMENT ON COLUMN raw.submission.decided_scope IS 'Manual override of is_partial.';
COMMENT ON COLUMN raw.submission.counts_as_signed_on IS 'Manual override of the order of submissions: date of signature, with counts_as_received_at as the time of receipt.';
COMMENT ON COLUMN raw.submission.effective_signed_on IS 'Orders the submissions of a district and period, together with effective_received_at: the newest comes last.';
COMMENT ON COLUMN raw.submission.form_fit IS 'Share of the printed rows found in the closest form, 0 to 1; form_code is empty if it is too low.';
COMMENT ON COLUMN raw.submission.facts_sha256 IS 'Hash of district, period and parsed values: submissions with the same hash report the same.';
COMMENT ON COLUMN raw.submission.converted_sha256 IS 'The docx converted from a legacy doc; locations refer to its cells.';

CREATE TABLE raw.submission_event (
    submission_event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    submission_id bigint NOT NULL REFERENCES raw.submission,
    status text NOT NULL,
    reason text NOT NULL DEFAULT '',
    actor text NOT NULL,
    happened_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX submission_event_by_submission ON raw.submission_event (submission_id);
COMMENT ON TABLE raw.submission_event IS 'Audit trail of status changes: who, when and why.';

CREATE FUNCTION raw.set_status(target_id bigint, new_status text, new_reason text, actor_name text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    current record;
BEGIN
    SELECT
        submission.status,
        submission.status_reason,
        EXISTS (SELECT FROM raw.submission_event AS event WHERE event.submission_id = target_id) AS has_event
    INTO current
    FROM raw.submission WHERE submission.submission_id = target_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'submission % does not exist', target_id USING ERRCODE = 'no_data_found';
    END IF;
    IF current.has_event AND current.status = new_status AND current.status_reason = new_reason THEN
        RETURN false;
    END IF;
    UPDATE raw.submission SET status = new_status, status_reason = new_reason WHERE submission_id = target_id;
    INSERT INTO raw.submission_event (submission_id, status, reason, actor)
    VALUES (target_id, new_status, new_reason, actor_name);
    RETURN true;
END
$$;
COMMENT ON FUNCTION raw.set_status IS 'Changes the status of a submission and records who, when and why. Idempotent: false if status and reason are unchanged.';

CREATE FUNCTION raw.set_statuses(
    target_ids bigint[], new_statuses text[], new_reasons text[], actor_name text, repeated_ids bigint[] DEFAULT '{}'
) RETURNS bigint LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH change AS (
        SELECT u.submission_id, u.status, u.reason, u.repeated_id
        FROM unnest(target_ids, new_statuses, new_reasons, repeated_ids)
            AS u (submission_id, status, reason, repeated_id)
    ),

    changed AS (
        UPDATE raw.submission AS s
        SET status = c.status, status_reason = c.reason, duplicate_of = coalesce(c.repeated_id, s.duplicate_of)
        FROM change AS c
        WHERE s.submission_id = c.submission_id AND (s.status, s.status_reason) <> (c.status, c.reason)
        RETURNING s.submission_id, s.status, s.status_reason
    ),

    recorded AS (
        INSERT INTO raw.submission_event (submission_id, status, reason, actor)
        SELECT c.submission_id, c.status, c.status_reason, actor_name FROM changed AS c
        RETURNING submission_id
    )

    SELECT count(*) FROM recorded
$$;
COMMENT ON FUNCTION raw.set_statuses IS 'Same as raw.set_status for many submissions at once, with the original of each duplicate. Returns the number of changes.';
