-- Scores a period by one stage of a method and stores the ranking and its detail. Each expected district is listed; one
-- without a score has no rank, and the reason.

WITH method AS (
    SELECT
        *,
        %(stage_number)s::integer AS stage_number,
        %(stage_number)s = (
            SELECT max(stage.stage_number) FROM warehouse.scoring_stage AS stage
            WHERE stage.method_key = scoring_method.method_key
        ) AS is_final
    FROM warehouse.scoring_method
    WHERE method_key = %(method_key)s
),

scored AS MATERIALIZED (
    SELECT score.*
    FROM method
    CROSS JOIN LATERAL warehouse.score_units(
        method.definition,
        ARRAY(SELECT warehouse.period_units(%(period_key)s)),
        ARRAY(SELECT warehouse.period_values(%(period_key)s, method.definition, NULL, method.stage_number)),
        method.stage_number
    ) AS score
),

-- The last report of a district, which explains why there is no score where none is current.
latest_submission AS (
    SELECT DISTINCT ON (submission.district_code)
        submission.district_code,
        submission.status,
        submission.status_reason,
        submission.is_simulated
    FROM raw.submission
    WHERE
        submission.period_code = %(period_code)s
        AND submission.status NOT IN ('duplicate', 'withdrawn', 'misfiled')
    ORDER BY submission.district_code ASC, submission.received_at DESC, submission.submission_id DESC
),

simulated AS MATERIALIZED (
    SELECT district.district_code
    FROM method
    CROSS JOIN LATERAL warehouse.simulated_score_districts(%(period_code)s, method.definition) AS district
),

listed AS (
    SELECT
        expected.*,
        submission.submission_id,
        submission.form_key,
        coalesce(submission.status, latest.status, 'missing') AS report_status,
        coalesce(submission.is_simulated, latest.is_simulated, false)
        OR expected.district_code IN (SELECT simulated.district_code FROM simulated) AS is_simulated,
        coalesce(latest.status_reason, '') AS status_reason
    FROM warehouse.expected_report AS expected
    LEFT JOIN warehouse.current_submission AS submission
        ON expected.period_key = submission.period_key AND expected.district_key = submission.district_key
    LEFT JOIN latest_submission AS latest ON expected.district_code = latest.district_code
    WHERE expected.period_key = %(period_key)s
),

inserted_state AS (
    INSERT INTO warehouse.score_state (period_key, method_key, content_sha256, computed_at)
    SELECT
        %(period_key)s,
        method.method_key,
        method.content_sha256,
        clock_timestamp()
    FROM method
    ON CONFLICT (period_key, method_key) DO UPDATE SET
        content_sha256 = excluded.content_sha256, computed_at = excluded.computed_at
),

inserted_detail AS (
    INSERT INTO warehouse.score_detail (
        period_key, method_key, stage_number, district_key, period_code, method_code, district_code, district_name,
        is_final, submission_id, score, scores, coverages, outcomes, numerators, denominators
    )
    SELECT
        listed.period_key,
        method.method_key,
        method.stage_number,
        listed.district_key,
        listed.period_code,
        method.method_code,
        listed.district_code,
        listed.district_name,
        method.is_final,
        listed.submission_id,
        scored.score,
        scored.scores,
        scored.coverages,
        scored.outcomes,
        scored.numerators,
        scored.denominators
    FROM listed
    INNER JOIN scored ON listed.district_key = scored.unit
    CROSS JOIN method
)

INSERT INTO warehouse.score_district (
    period_code, method_code, stage_number, district_code, district_name, score, rank, band, is_tied, coverage, reason,
    band_en, district_name_en, report_status, is_simulated, sort_name, is_final, period_key, method_key, district_key,
    form_key
)
SELECT
    listed.period_code,
    method.method_code,
    method.stage_number,
    listed.district_code,
    listed.district_name,
    scored.score,
    scored.rank,
    scored.band,
    coalesce(scored.is_tied, false),
    coalesce(scored.coverage, 0),
    CASE
        WHEN scored.is_ranked THEN ''
        WHEN scored.score IS NOT NULL THEN 'Phần có căn cứ dưới mức tối thiểu để xếp hạng'
        WHEN listed.submission_id IS NOT NULL THEN 'Không có tiêu chí nào áp dụng'
        ELSE status.status_name || coalesce(': ' || nullif(listed.status_reason, ''), '')
    END,
    scored.band_en,
    listed.district_name_en,
    listed.report_status,
    listed.is_simulated,
    listed.sort_name,
    method.is_final,
    listed.period_key,
    method.method_key,
    listed.district_key,
    listed.form_key
FROM listed
CROSS JOIN method
INNER JOIN mart.submission_status AS status ON listed.report_status = status.status
LEFT JOIN scored ON listed.district_key = scored.unit;
