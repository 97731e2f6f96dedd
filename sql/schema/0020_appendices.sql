-- A report's rows are staged together (docs/adr/0015-staging.md): what it prints beside its answers, which thousands
-- print alike, once by its hash; its answers as arrays in document order. staging.observation shows them row by row.
-- Facts come by two functions alone (sql/functions/facts), which take all that a fact stands on from where it lies.

CREATE TABLE staging.layout (
    layout_sha256 text PRIMARY KEY CHECK (layout_sha256 ~ '^[0-9a-f]{64}$'),
    reform_area_codes text[] NOT NULL,
    items text[] NOT NULL,
    indicator_codes text[] NOT NULL,
    labels text[] NOT NULL,
    units text[] NOT NULL,
    CHECK (
        cardinality(reform_area_codes) = cardinality(labels)
        AND cardinality(items) = cardinality(labels)
        AND cardinality(indicator_codes) = cardinality(labels)
        AND cardinality(units) = cardinality(labels)
    )
);
COMMENT ON TABLE staging.layout IS 'What the rows of appendices say beside the answers, as printed, in document order; each once, by its hash, and never changed.';
COMMENT ON COLUMN staging.layout.indicator_codes IS 'The indicator that a row was matched to; empty for a row that the form lacks, and where a row speaks of it again.';

CREATE TABLE staging.appendix (
    submission_id bigint PRIMARY KEY REFERENCES raw.submission,
    layout_sha256 text NOT NULL REFERENCES staging.layout,
    reported_values numeric[] NOT NULL,
    statuses text[] NOT NULL CHECK (
        statuses <@ ARRAY['reported', 'blank', 'not_applicable', 'not_done', 'heading', 'undecidable']
    ),
    raw_values text[] NOT NULL,
    notes text[] NOT NULL,
    locations text[] NOT NULL,
    decisions text[],
    boxes text[],
    confidences real[] CHECK (0 <= all(confidences) AND 1 >= all(confidences)),
    CHECK (
        cardinality(reported_values) = cardinality(statuses)
        AND cardinality(raw_values) = cardinality(statuses)
        AND cardinality(notes) = cardinality(statuses)
        AND cardinality(locations) = cardinality(statuses)
        AND coalesce(cardinality(decisions), cardinality(statuses)) = cardinality(statuses)
        AND coalesce(cardinality(boxes), cardinality(statuses)) = cardinality(statuses)
        AND coalesce(cardinality(confidences), cardinality(statuses)) = cardinality(statuses)
    ),
    CHECK (
        cardinality(array_remove(reported_values, NULL)) = cardinality(array_positions(statuses, 'reported'))
    )
);
COMMENT ON TABLE staging.appendix IS 'The answers of each report as read, an array a column, all in document order; staging.observation shows them row by row.';
COMMENT ON COLUMN staging.appendix.reported_values IS 'Null wherever the status is not reported.';
COMMENT ON COLUMN staging.appendix.decisions IS 'Which reading of each cell was taken and by which evidence (docs/reading.md); null where nothing was to decide.';
COMMENT ON COLUMN staging.appendix.boxes IS 'PDF alone: left, top, right and bottom of each cell in points from the top left of the page; else null.';
COMMENT ON COLUMN staging.appendix.confidences IS 'Scans alone: how surely the text of each cell was recognised, 0 to 1; else null.';

CREATE TEMPORARY TABLE printed ON COMMIT DROP AS
SELECT
    o.submission_id,
    array_agg(o.reform_area_code ORDER BY o.row_number) AS reform_area_codes,
    array_agg(o.item ORDER BY o.row_number) AS items,
    array_agg(o.indicator_code ORDER BY o.row_number) AS indicator_codes,
    array_agg(o.label ORDER BY o.row_number) AS labels,
    array_agg(o.unit ORDER BY o.row_number) AS units
FROM staging.observation AS o
GROUP BY o.submission_id;

INSERT INTO staging.layout (layout_sha256, reform_area_codes, items, indicator_codes, labels, units)
SELECT DISTINCT
    encode(
        sha256(convert_to(
            jsonb_build_array(p.reform_area_codes, p.items, p.indicator_codes, p.labels, p.units)::text, 'UTF8'
        )), 'hex'
    ),
    p.reform_area_codes,
    p.items,
    p.indicator_codes,
    p.labels,
    p.units
FROM pg_temp.printed AS p;

INSERT INTO staging.appendix (
    submission_id, layout_sha256, reported_values, statuses, raw_values, notes, locations, decisions, boxes, confidences
)
SELECT
    p.submission_id,
    l.layout_sha256,
    o.reported_values,
    o.statuses,
    o.raw_values,
    o.notes,
    o.locations,
    o.decisions,
    o.boxes,
    o.confidences
FROM pg_temp.printed AS p
INNER JOIN staging.layout AS l
    ON
        p.reform_area_codes = l.reform_area_codes
        AND p.items = l.items
        AND p.indicator_codes = l.indicator_codes
        AND p.labels = l.labels
        AND p.units = l.units
INNER JOIN (
    SELECT
        o.submission_id,
        array_agg(o.value ORDER BY o.row_number) AS reported_values,
        array_agg(o.value_status ORDER BY o.row_number) AS statuses,
        array_agg(o.raw_value ORDER BY o.row_number) AS raw_values,
        array_agg(o.note ORDER BY o.row_number) AS notes,
        array_agg(o.location ORDER BY o.row_number) AS locations,
        CASE WHEN bool_or(o.decision <> '') THEN array_agg(o.decision ORDER BY o.row_number) END AS decisions,
        CASE WHEN bool_or(o.box <> '') THEN array_agg(o.box ORDER BY o.row_number) END AS boxes,
        CASE
            WHEN bool_or(o.confidence IS NOT NULL) THEN array_agg(o.confidence ORDER BY o.row_number)
        END AS confidences
    FROM staging.observation AS o
    GROUP BY o.submission_id
) AS o ON p.submission_id = o.submission_id;

DROP TABLE staging.observation;

-- What a function guards by taking it from where it lies is not looked up again for each statement or row.
DROP TRIGGER fact_observation_has_references ON warehouse.fact_observation;
DROP FUNCTION warehouse.check_references;
ALTER TABLE warehouse.fact_observation DROP CONSTRAINT fact_observation_correction_id_fkey;
CREATE TRIGGER correction_stays BEFORE DELETE OR TRUNCATE OR UPDATE OF correction_id ON warehouse.correction
FOR EACH STATEMENT EXECUTE FUNCTION warehouse.keep_referenced();

-- A status and what a duplicate repeats change together, so that a report that says the same again is written once.
DROP FUNCTION raw.set_statuses(bigint[], text[], text[], text);
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

    kept AS (
        INSERT INTO raw.submission_event (submission_id, status, reason, actor)
        SELECT c.submission_id, c.status, c.status_reason, actor_name FROM changed AS c
        RETURNING submission_id
    )

    SELECT count(*) FROM kept
$$;
COMMENT ON FUNCTION raw.set_statuses IS 'Changes the status of many submissions, and of duplicates what they repeat, and keeps who, when and why; returns how many had another status or reason.';
