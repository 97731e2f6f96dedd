-- The scores of some periods by one stage of a method: computed once, kept as a ranking and in detail. Each period is a
-- slice of its own; together they cost less, since the method is unfolded and the statement planned but once.
-- Each expected district is listed; one without a score has no rank, and the reason.

WITH method AS (
    SELECT
        m.*,
        g.last_stage = %(stage_number)s AS is_final
    FROM warehouse.scoring_method AS m
    CROSS JOIN
        LATERAL (
            SELECT max(s.stage_number) AS last_stage
            FROM warehouse.scoring_stage AS s
            WHERE s.method_key = m.method_key
        ) AS g
    WHERE m.method_key = %(method_key)s
),

scored AS MATERIALIZED (
    SELECT s.*
    FROM method AS m
    CROSS JOIN (
        SELECT
            string_agg(warehouse.unit_source(k.period_key), ' UNION ALL ') AS units,
            string_agg(warehouse.value_source(k.period_key), ' UNION ALL ') AS unit_values
        FROM unnest(%(period_keys)s::integer[]) AS k (period_key)
    ) AS source
    CROSS JOIN LATERAL warehouse.score_units(m.definition, source.units, source.unit_values, %(stage_number)s) AS s
),

-- What came last from a district of which nothing is in force: it says why there is no score.
sent AS (
    SELECT DISTINCT ON (s.period_code, s.district_code)
        s.period_code,
        s.district_code,
        s.status,
        s.status_reason,
        s.is_simulated
    FROM raw.submission AS s
    INNER JOIN warehouse.dim_period AS p ON s.period_code = p.period_code
    WHERE p.period_key = any(%(period_keys)s) AND s.status NOT IN ('duplicate', 'withdrawn', 'misfiled')
    ORDER BY s.period_code ASC, s.district_code ASC, s.received_at DESC, s.submission_id DESC
),

state AS (
    INSERT INTO warehouse.score_state (period_key, method_key, content_sha256, computed_at)
    SELECT
        k.period_key,
        m.method_key,
        m.content_sha256,
        clock_timestamp() AS computed_at
    FROM method AS m CROSS JOIN unnest(%(period_keys)s::integer[]) AS k (period_key)
    ON CONFLICT (period_key, method_key) DO UPDATE SET
        content_sha256 = excluded.content_sha256, computed_at = excluded.computed_at
),

made_up AS MATERIALIZED (
    SELECT
        p.period_key,
        x.district_code
    FROM method AS m
    INNER JOIN warehouse.dim_period AS p ON p.period_key = any(%(period_keys)s)
    CROSS JOIN LATERAL warehouse.made_up_scores(m.definition, p.period_code) AS x
),

listed AS (
    SELECT
        e.period_code,
        e.period_key,
        e.district_code,
        e.district_key,
        e.district_name,
        e.district_name_en,
        e.sort_name,
        d.commune_count,
        c.submission_id,
        c.form_key,
        coalesce(c.status, l.status, 'missing') AS report_status,
        coalesce(c.is_simulated, l.is_simulated, false) OR x.district_code IS NOT NULL AS is_simulated,
        coalesce(l.status_reason, '') AS status_reason
    FROM warehouse.expected_report AS e
    INNER JOIN warehouse.dim_district AS d ON e.district_key = d.district_key
    LEFT JOIN warehouse.current_submission AS c ON e.period_key = c.period_key AND e.district_key = c.district_key
    LEFT JOIN sent AS l ON e.period_code = l.period_code AND e.district_code = l.district_code
    LEFT JOIN made_up AS x ON e.period_key = x.period_key AND e.district_code = x.district_code
    WHERE e.period_key = any(%(period_keys)s)
),

detail AS (
    INSERT INTO warehouse.score_detail (
        period_key, method_key, stage_number, district_key, period_code, method_code, district_code, district_name,
        is_final, submission_id, score, scores, coverages, outcomes, numerators, denominators
    )
    SELECT
        e.period_key,
        m.method_key,
        %(stage_number)s,
        e.district_key,
        e.period_code,
        m.method_code,
        e.district_code,
        e.district_name,
        m.is_final,
        e.submission_id,
        s.score,
        s.scores,
        s.coverages,
        s.outcomes,
        s.numerators,
        s.denominators
    FROM listed AS e
    INNER JOIN scored AS s ON e.period_key = s.slice AND e.district_key = s.unit
    CROSS JOIN method AS m
)

INSERT INTO warehouse.score_district (
    period_code, method_code, stage_number, district_code, district_name, score, rank, band, is_tied, coverage, reason,
    band_en, district_name_en, report_status, is_simulated, sort_name, is_final, period_key, method_key, district_key,
    submission_id, form_key, commune_count
)
SELECT
    e.period_code,
    m.method_code,
    %(stage_number)s,
    e.district_code,
    e.district_name,
    s.score,
    s.rank,
    s.band,
    coalesce(s.is_tied, false),
    coalesce(s.coverage, 0),
    CASE
        WHEN s.is_ranked THEN ''
        WHEN s.score IS NOT NULL THEN 'Phần có căn cứ dưới mức tối thiểu để xếp hạng'
        WHEN e.submission_id IS NOT NULL THEN 'Không có tiêu chí nào áp dụng'
        ELSE n.status_name || coalesce(': ' || nullif(e.status_reason, ''), '')
    END,
    s.band_en,
    e.district_name_en,
    e.report_status,
    e.is_simulated,
    e.sort_name,
    m.is_final,
    e.period_key,
    m.method_key,
    e.district_key,
    e.submission_id,
    e.form_key,
    e.commune_count
FROM listed AS e
CROSS JOIN method AS m
INNER JOIN mart.submission_status AS n ON e.report_status = n.status
LEFT JOIN scored AS s ON e.period_key = s.slice AND e.district_key = s.unit;
