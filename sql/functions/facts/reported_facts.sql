-- The facts that some loaded submissions report together: for each indicator that their form asks for, the answer of
-- the newest submission that gives one, with the correction that applies. A blank in a partial submission is no answer.
--
-- A staged report is a row of arrays. They are unnested in SELECT, once the joins have picked the submissions: in FROM,
-- the planner might unnest everything that was ever staged.

CREATE FUNCTION warehouse.reported_facts(submission_ids bigint[])
RETURNS TABLE (
    period_key integer,
    district_key integer,
    indicator_key integer,
    submission_id bigint,
    is_simulated boolean,
    value numeric,
    value_status text,
    note text,
    raw_value text,
    location text,
    correction_id bigint
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH loaded AS (
        SELECT loaded.*
        FROM warehouse.fact_submission AS loaded
        WHERE loaded.submission_id = any(submission_ids) -- noqa: RF03
    ),

    layout AS MATERIALIZED (
        SELECT
            printed.form_key,
            printed.layout_sha256,
            array_agg(indicator.indicator_key ORDER BY place.row_number) AS indicator_keys
        FROM (
            SELECT DISTINCT
                loaded.form_key,
                appendix.layout_sha256
            FROM loaded
            INNER JOIN staging.appendix ON loaded.submission_id = appendix.submission_id
        ) AS printed
        INNER JOIN staging.layout ON printed.layout_sha256 = layout.layout_sha256
        CROSS JOIN LATERAL unnest(layout.indicator_codes) WITH ORDINALITY AS place (indicator_code, row_number)
        LEFT JOIN warehouse.form_row
            ON
                printed.form_key = form_row.form_key
                AND place.indicator_code = form_row.indicator_code
                AND form_row.is_asked
        LEFT JOIN warehouse.dim_indicator AS indicator ON form_row.indicator_code = indicator.indicator_code
        GROUP BY printed.form_key, printed.layout_sha256
    ),

    answer AS (
        SELECT
            loaded.period_key,
            loaded.district_key,
            loaded.submission_id,
            loaded.is_simulated,
            submission.is_partial,
            submission.effective_signed_on,
            submission.effective_received_at,
            unnest(layout.indicator_keys) AS indicator_key,
            unnest(appendix.reported_values) AS value,
            unnest(appendix.statuses) AS value_status,
            unnest(appendix.notes) AS note,
            unnest(appendix.raw_values) AS raw_value,
            unnest(placement.locations) AS location
        FROM loaded
        INNER JOIN raw.submission ON loaded.submission_id = submission.submission_id
        INNER JOIN staging.appendix ON loaded.submission_id = appendix.submission_id
        INNER JOIN layout ON loaded.form_key = layout.form_key AND appendix.layout_sha256 = layout.layout_sha256
        INNER JOIN staging.placement ON appendix.placement_sha256 = placement.placement_sha256
    ),

    reported AS (
        SELECT DISTINCT ON (answer.period_key, answer.district_key, answer.indicator_key) answer.*
        FROM answer
        WHERE
            answer.indicator_key IS NOT NULL
            AND answer.value_status <> 'heading'
            AND NOT (answer.is_partial AND answer.value_status = 'blank')
        ORDER BY
            answer.period_key ASC,
            answer.district_key ASC,
            answer.indicator_key ASC,
            answer.effective_signed_on DESC,
            answer.effective_received_at DESC,
            answer.is_partial DESC,
            answer.submission_id DESC
    ),

    latest_correction AS (
        SELECT DISTINCT ON (loaded.period_key, loaded.district_key, indicator.indicator_key)
            loaded.period_key,
            loaded.district_key,
            indicator.indicator_key,
            correction.*
        FROM loaded
        INNER JOIN warehouse.dim_period AS period ON loaded.period_key = period.period_key
        INNER JOIN warehouse.dim_district AS district ON loaded.district_key = district.district_key
        INNER JOIN warehouse.correction
            ON period.period_code = correction.period_code AND district.district_code = correction.district_code
        INNER JOIN warehouse.dim_indicator AS indicator ON correction.indicator_code = indicator.indicator_code
        ORDER BY
            loaded.period_key ASC,
            loaded.district_key ASC,
            indicator.indicator_key ASC,
            correction.correction_id DESC
    )

    SELECT
        reported.period_key,
        reported.district_key,
        reported.indicator_key,
        reported.submission_id,
        reported.is_simulated,
        CASE WHEN correction.correction_id IS NULL THEN reported.value ELSE correction.value END AS value,
        coalesce(correction.value_status, reported.value_status) AS value_status,
        reported.note,
        reported.raw_value,
        reported.location,
        correction.correction_id
    FROM reported
    LEFT JOIN latest_correction AS correction
        ON
            reported.period_key = correction.period_key
            AND reported.district_key = correction.district_key
            AND reported.indicator_key = correction.indicator_key
            AND (reported.value, reported.value_status)
            IS NOT DISTINCT FROM (correction.expected_value, correction.expected_status);
END;
COMMENT ON FUNCTION warehouse.reported_facts IS 'The facts that loaded submissions report together, with corrections applied.';
