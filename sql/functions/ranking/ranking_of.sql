-- The ranking of a period by any method, as known now (known_at is NULL) or at a timestamp; every expected district is
-- listed.

CREATE FUNCTION warehouse.ranking_of(period_key integer, definition jsonb, known_at timestamptz)
RETURNS TABLE (
    period_code text,
    method_code text,
    district_code text,
    district_name text,
    score numeric,
    rank bigint,
    band text,
    is_tied boolean,
    coverage numeric,
    reason text,
    band_en text,
    district_name_en text,
    report_status text,
    is_simulated boolean,
    sort_name text
)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
SELECT
    expected.period_code,
    coalesce(ranking_of.definition ->> 'method_code', ''),
    expected.district_code,
    expected.district_name,
    scored.score,
    scored.rank,
    scored.band,
    coalesce(scored.is_tied, false),
    coalesce(scored.coverage, 0),
    CASE
        WHEN scored.score IS NULL AND ranking_of.known_at IS NULL
            THEN 'Không có báo cáo được chấp nhận hoặc tiêu chí áp dụng'
        WHEN scored.score IS NULL THEN 'Không có căn cứ để chấm điểm tại thời điểm này'
        WHEN NOT scored.is_ranked THEN 'Phần có căn cứ dưới mức tối thiểu để xếp hạng'
        ELSE ''
    END,
    scored.band_en,
    expected.district_name_en,
    CASE WHEN submission.submission_id IS NULL THEN 'missing' ELSE 'accepted' END,
    coalesce(submission.is_simulated, false) OR expected.district_code IN (
        SELECT simulated.district_code
        FROM warehouse.simulated_score_districts(
            expected.period_code, ranking_of.definition, ranking_of.known_at
        ) AS simulated
    ),
    expected.sort_name
FROM warehouse.expected_report AS expected
LEFT JOIN warehouse.score_units(
    ranking_of.definition,
    ARRAY(SELECT warehouse.period_units(ranking_of.period_key, ranking_of.known_at)),
    ARRAY(SELECT warehouse.period_values(ranking_of.period_key, ranking_of.definition, ranking_of.known_at))
) AS scored ON expected.district_key = scored.unit
LEFT JOIN LATERAL (
    SELECT
        fact_submission.submission_id,
        fact_submission.is_simulated
    FROM warehouse.fact_submission
    WHERE
        fact_submission.period_key = expected.period_key
        AND fact_submission.district_key = expected.district_key
        AND fact_submission.accepted_at <= coalesce(ranking_of.known_at, 'infinity')
    ORDER BY fact_submission.accepted_at DESC
    LIMIT 1
) AS submission ON true
WHERE expected.period_key = ranking_of.period_key
$$;
