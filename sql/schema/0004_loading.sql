-- Facts at the speed of COPY (docs/adr/0007-loading.md): one unique index instead of two, and what a foreign key guards
-- row by row is checked once for all rows of a statement.

-- At most one version of a fact ends at "never", so this key is also "one current value", and finds it.
ALTER TABLE warehouse.fact_observation DROP CONSTRAINT fact_observation_pkey;
DROP INDEX warehouse.fact_observation_now;
ALTER TABLE warehouse.fact_observation ADD PRIMARY KEY (period_key, district_key, indicator_key, known_to);

ALTER TABLE warehouse.fact_observation DROP CONSTRAINT fact_observation_district_key_fkey;
ALTER TABLE warehouse.fact_observation DROP CONSTRAINT fact_observation_period_key_fkey;
ALTER TABLE warehouse.fact_observation DROP CONSTRAINT fact_observation_indicator_key_fkey;
ALTER TABLE warehouse.fact_observation DROP CONSTRAINT fact_observation_submission_id_fkey;

-- With the rights of the owner: whoever may add a fact need not be able to read what it stands on.
CREATE FUNCTION warehouse.check_references() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added AS a
        LEFT JOIN warehouse.fact_submission AS s
            ON s.submission_id = a.submission_id AND s.district_key = a.district_key AND s.period_key = a.period_key
        LEFT JOIN warehouse.dim_indicator AS i ON i.indicator_key = a.indicator_key
        WHERE s.submission_id IS NULL OR i.indicator_key IS NULL
    ) THEN
        RAISE EXCEPTION 'a fact without an indicator, or without an accepted submission of its district and period'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION warehouse.check_references IS 'What the foreign keys of the facts would check, once for all rows of a statement; district and period are those of the submission, whose own keys hold.';
CREATE TRIGGER fact_observation_has_references AFTER INSERT ON warehouse.fact_observation
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION warehouse.check_references();

CREATE FUNCTION warehouse.keep_referenced() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'facts stand on %.%: its rows stay', tg_table_schema, tg_table_name
        USING ERRCODE = 'foreign_key_violation';
END
$$;
COMMENT ON FUNCTION warehouse.keep_referenced IS 'The other side of the foreign keys: what facts stand on is never deleted and keeps its key.';
CREATE TRIGGER dim_indicator_stays BEFORE DELETE OR TRUNCATE OR UPDATE OF indicator_key ON warehouse.dim_indicator
FOR EACH STATEMENT EXECUTE FUNCTION warehouse.keep_referenced();
CREATE TRIGGER fact_submission_stays
BEFORE DELETE OR TRUNCATE OR UPDATE OF submission_id, district_key, period_key ON warehouse.fact_submission
FOR EACH STATEMENT EXECUTE FUNCTION warehouse.keep_referenced();

-- Staged rows come and go with their submission, which is never deleted; they are found by it and by nothing else.
ALTER TABLE staging.observation DROP CONSTRAINT observation_submission_id_fkey;
ALTER TABLE staging.observation DROP CONSTRAINT observation_pkey;
CREATE INDEX observation_by_submission ON staging.observation (submission_id);

-- A status changes often and stands in no index, so that a change writes one row and not one row and five entries.
DROP INDEX raw.submission_by_unit;
CREATE INDEX submission_by_unit ON raw.submission (period_code, district_code);
ALTER TABLE raw.submission SET (fillfactor = 80);

-- As raw.set_status, for many submissions at once; each number stands once.
CREATE FUNCTION raw.set_statuses(target_ids bigint[], new_statuses text[], new_reasons text[], actor_name text)
RETURNS bigint LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH change AS (
        SELECT u.submission_id, u.status, u.reason
        FROM unnest(target_ids, new_statuses, new_reasons) AS u (submission_id, status, reason)
    ),

    changed AS (
        UPDATE raw.submission AS s SET status = c.status, status_reason = c.reason
        FROM change AS c
        WHERE s.submission_id = c.submission_id AND (s.status, s.status_reason) <> (c.status, c.reason)
        RETURNING s.submission_id, s.status, s.status_reason
    ),

    kept AS (
        INSERT INTO raw.submission_event (submission_id, status, reason, actor)
        SELECT c.submission_id, c.status, c.status_reason, actor_name FROM changed AS c
        RETURNING submission_id
    )

    SELECT count(*) FROM kept
$$;
COMMENT ON FUNCTION raw.set_statuses IS 'Changes the status of many submissions and keeps who, when and why; returns how many had another status or reason.';

-- Each report that comes asks whether an earlier one says the same.
CREATE INDEX submission_by_facts ON raw.submission (facts_sha256);

-- The versions of a district and period are looked up for each submission that a load takes.
CREATE INDEX fact_submission_by_unit ON warehouse.fact_submission (period_key, district_key);
