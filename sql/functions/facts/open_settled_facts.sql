-- Facts that a settlement worked out (sql/load/settle): of several versions in force, with the corrections laid over
-- them. With the owner's rights; each must stand on an accepted submission of its district and period, on an indicator,
-- and on a correction where it names one, or nothing is written. Returns how many were opened.

CREATE FUNCTION warehouse.open_settled_facts(facts warehouse.fact_observation[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    opened bigint;
BEGIN
    INSERT INTO warehouse.fact_observation (
        district_key, period_key, indicator_key, known_from, submission_id, value, value_status, note, raw_value,
        location, correction_id
    )
    SELECT
        f.district_key,
        f.period_key,
        f.indicator_key,
        f.known_from,
        f.submission_id,
        f.value,
        f.value_status,
        f.note,
        f.raw_value,
        f.location,
        f.correction_id
    FROM unnest(facts) AS f
    INNER JOIN warehouse.fact_submission AS s
        ON f.submission_id = s.submission_id AND f.district_key = s.district_key AND f.period_key = s.period_key
    INNER JOIN warehouse.dim_indicator AS i ON f.indicator_key = i.indicator_key
    LEFT JOIN warehouse.correction AS c ON f.correction_id = c.correction_id
    WHERE f.correction_id IS NULL OR c.correction_id IS NOT NULL
    ORDER BY f.period_key, f.district_key, f.indicator_key;
    GET DIAGNOSTICS opened = ROW_COUNT;
    IF opened <> cardinality(facts) THEN
        RAISE EXCEPTION 'a fact without an indicator, a correction, or an accepted submission of its district and period'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN opened;
END
$$;
COMMENT ON FUNCTION warehouse.open_settled_facts IS 'Opens facts that a settlement worked out, all or none: each must stand on an accepted submission, an indicator and the correction that it names.';
