-- The facts of some accepted submissions, each at the moment of its acceptance; those that are known already stay as
-- they are. Returns how many were opened. With the owner's rights, the one way in which a load writes facts: district,
-- period and moment are those of warehouse.fact_submission, indicators those that the form asks for, and what is said
-- is what was staged, so that no fact stands on nothing and none says what no report says.
-- Arrays all through: one look into an index for each submission, no join of what was staged with what is known, and
-- hence no plan that statistics of a growing table could turn. They are unnested side by side in SELECT, row by row as
-- facts are written; unnest of several in FROM would first write each out whole.

CREATE FUNCTION warehouse.open_facts(submission_ids bigint[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    opened bigint;
BEGIN
    WITH report AS MATERIALIZED (
        SELECT
            s.district_key,
            s.period_key,
            s.form_key,
            s.accepted_at,
            a.*,
            (
                SELECT p.locations FROM staging.placement AS p WHERE p.placement_sha256 = a.placement_sha256
            ) AS locations,
            ARRAY(
                SELECT o.indicator_key
                FROM warehouse.fact_observation AS o
                WHERE o.period_key = s.period_key AND o.district_key = s.district_key AND o.known_to = 'infinity'
            ) AS known_keys
        FROM warehouse.fact_submission AS s
        INNER JOIN staging.appendix AS a ON s.submission_id = a.submission_id
        WHERE s.submission_id = any(submission_ids)
    ),

    asked AS MATERIALIZED (
        SELECT
            form.form_key,
            form.layout_sha256,
            array_agg(i.indicator_key ORDER BY place.row_number) AS indicator_keys
        FROM (SELECT DISTINCT r.form_key, r.layout_sha256 FROM report AS r) AS form
        INNER JOIN staging.layout AS l ON form.layout_sha256 = l.layout_sha256
        CROSS JOIN LATERAL unnest(l.indicator_codes) WITH ORDINALITY AS place (indicator_code, row_number)
        LEFT JOIN warehouse.form_row AS f
            ON form.form_key = f.form_key AND place.indicator_code = f.indicator_code AND f.is_asked
        LEFT JOIN warehouse.dim_indicator AS i ON f.indicator_code = i.indicator_code
        GROUP BY form.form_key, form.layout_sha256
    )

    INSERT INTO warehouse.fact_observation (
        district_key, period_key, indicator_key, known_from, submission_id, value, value_status, note, raw_value,
        location
    )
    SELECT
        said.district_key,
        said.period_key,
        said.indicator_key,
        said.accepted_at,
        said.submission_id,
        said.value,
        said.value_status,
        said.note,
        said.raw_value,
        said.location
    FROM (
        SELECT
            r.district_key,
            r.period_key,
            r.accepted_at,
            r.submission_id,
            r.known_keys,
            unnest(k.indicator_keys) AS indicator_key,
            unnest(r.reported_values) AS value,
            unnest(r.statuses) AS value_status,
            unnest(r.notes) AS note,
            unnest(r.raw_values) AS raw_value,
            unnest(r.locations) AS location
        FROM (SELECT * FROM report ORDER BY period_key, district_key) AS r
        INNER JOIN asked AS k ON r.form_key = k.form_key AND r.layout_sha256 = k.layout_sha256
    ) AS said
    WHERE
        said.indicator_key IS NOT NULL
        AND said.value_status <> 'heading'
        AND said.indicator_key <> ALL (said.known_keys);
    GET DIAGNOSTICS opened = ROW_COUNT;
    RETURN opened;
END
$$;
COMMENT ON FUNCTION warehouse.open_facts IS 'Opens the facts of accepted submissions as they were staged; what is known already stays. Returns how many were opened.';
