-- Makes the current facts of some districts and periods equal to what their accepted submissions report: closes the
-- versions that differ and opens new ones. It is the only way to write facts, and runs with the rights of the owner:
-- every key comes from the table it refers to, which is why the facts need few foreign keys (docs/adr/0018).
--
-- submission_ids names the districts and periods, and the submissions that are loaded for the first time. The caller
-- has set the statuses and holds the lock of the periods. Running it again changes nothing.

CREATE FUNCTION warehouse.reconcile_facts(submission_ids bigint[], OUT opened bigint, OUT closed bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' AS $$
DECLARE
    period_keys integer[];
    district_keys integer[];
    in_force bigint[];
    known_at timestamptz;
BEGIN
    SELECT array_agg(unit.period_key), array_agg(unit.district_key)
    INTO period_keys, district_keys
    FROM (
        SELECT version.period_key, version.district_key
        FROM warehouse.submission_version AS version WHERE version.submission_id = any(submission_ids)
        UNION
        SELECT loaded.period_key, loaded.district_key
        FROM warehouse.fact_submission AS loaded WHERE loaded.submission_id = any(submission_ids)
    ) AS unit;

    -- Later than everything known so far, also where the clock was set back.
    SELECT greatest(clock_timestamp(), max(past.latest) + interval '1 microsecond') INTO known_at
    FROM unnest(period_keys, district_keys) AS unit (period_key, district_key)
    CROSS JOIN LATERAL (
        SELECT max(loaded.accepted_at) AS latest
        FROM warehouse.fact_submission AS loaded
        WHERE loaded.period_key = unit.period_key AND loaded.district_key = unit.district_key
        UNION ALL
        SELECT max(greatest(fact.known_from, nullif(fact.known_to, 'infinity')))
        FROM warehouse.fact_observation AS fact
        WHERE fact.period_key = unit.period_key AND fact.district_key = unit.district_key
    ) AS past;

    INSERT INTO warehouse.fact_submission (
        submission_id, district_key, period_key, form_key, received_at, accepted_at, signed_on, is_simulated,
        warning_count
    )
    SELECT
        version.submission_id, version.district_key, version.period_key, version.form_key, submission.received_at,
        known_at, submission.signed_on, version.is_simulated,
        (
            SELECT count(*) FROM staging.finding
            WHERE finding.submission_id = version.submission_id AND finding.severity = 'warning'
        )
    FROM warehouse.submission_version AS version
    INNER JOIN raw.submission ON version.submission_id = submission.submission_id
    WHERE version.submission_id = any(submission_ids) AND version.is_accepted
    ON CONFLICT (submission_id) DO NOTHING;

    in_force := ARRAY(
        SELECT current.submission_id
        FROM unnest(period_keys, district_keys) AS unit (period_key, district_key)
        INNER JOIN warehouse.fact_submission AS current USING (period_key, district_key)
        INNER JOIN warehouse.submission_version AS version USING (submission_id)
        WHERE version.is_accepted
    );

    -- Close what is reported differently, or no longer, or came from a submission that was withdrawn since.
    UPDATE warehouse.fact_observation AS fact SET known_to = known_at
    FROM (
        SELECT current.period_key, current.district_key, current.indicator_key
        FROM unnest(period_keys, district_keys) AS unit (period_key, district_key)
        INNER JOIN warehouse.fact_observation AS current USING (period_key, district_key)
        INNER JOIN warehouse.fact_submission AS source USING (submission_id)
        LEFT JOIN warehouse.submission_version AS version USING (submission_id)
        LEFT JOIN warehouse.reported_facts(in_force) AS reported
            ON current.period_key = reported.period_key AND current.district_key = reported.district_key
            AND current.indicator_key = reported.indicator_key
            AND (current.value, current.value_status, current.note, source.is_simulated)
            IS NOT DISTINCT FROM (reported.value, reported.value_status, reported.note, reported.is_simulated)
        WHERE current.known_to = 'infinity' AND (reported.indicator_key IS NULL OR version.submission_id IS NULL)
    ) AS outdated
    WHERE
        fact.period_key = outdated.period_key AND fact.district_key = outdated.district_key
        AND fact.indicator_key = outdated.indicator_key AND fact.known_to = 'infinity';
    GET DIAGNOSTICS closed = ROW_COUNT;

    -- Open what is reported and not current. A value that returns is a new version.
    INSERT INTO warehouse.fact_observation (
        district_key, period_key, indicator_key, known_from, submission_id, value, value_status, note, raw_value,
        location, correction_id
    )
    SELECT
        reported.district_key, reported.period_key, reported.indicator_key, known_at, reported.submission_id,
        reported.value, reported.value_status, reported.note, reported.raw_value, reported.location,
        reported.correction_id
    FROM warehouse.reported_facts(in_force) AS reported
    WHERE (reported.period_key, reported.district_key, reported.indicator_key) NOT IN (
        SELECT fact.period_key, fact.district_key, fact.indicator_key
        FROM unnest(period_keys, district_keys) AS unit (period_key, district_key)
        INNER JOIN warehouse.fact_observation AS fact USING (period_key, district_key)
        WHERE fact.known_to = 'infinity'
    );
    GET DIAGNOSTICS opened = ROW_COUNT;

    IF opened + closed > 0 THEN
        INSERT INTO warehouse.score_due (period_code)
        SELECT period.period_code FROM warehouse.dim_period AS period WHERE period.period_key = any(period_keys);
    END IF;
END
$$;
COMMENT ON FUNCTION warehouse.reconcile_facts IS 'Makes the current facts of districts and periods equal to what their accepted submissions report. Returns how many versions were opened and closed.';
