-- The units expected to report a period, as the catalogue has them now, with what was known of them at a timestamp.

SELECT
    expected.district_key,
    expected.district_code,
    expected.district_name,
    expected.district_name_en,
    expected.sort_name,
    district.commune_count,
    unit.has_report,
    coalesce(submission.is_simulated, false)
    OR expected.district_code IN (
        SELECT simulated.district_code
        FROM warehouse.simulated_score_districts(
            expected.period_code, %(definition)s::jsonb, %(known_at)s
        ) AS simulated
    ) AS is_simulated
FROM warehouse.expected_report AS expected
INNER JOIN warehouse.dim_district AS district ON expected.district_key = district.district_key
INNER JOIN warehouse.period_units(%(period_key)s, %(known_at)s) AS unit ON expected.district_key = unit.unit
LEFT JOIN LATERAL (
    SELECT fact_submission.is_simulated FROM warehouse.fact_submission
    WHERE
        fact_submission.period_key = expected.period_key
        AND fact_submission.district_key = expected.district_key
        AND fact_submission.accepted_at <= %(known_at)s
    ORDER BY fact_submission.accepted_at DESC
    LIMIT 1
) AS submission ON true
WHERE expected.period_key = %(period_key)s
ORDER BY expected.sort_name, expected.district_code;
