-- The scores of a table of somebody's own, in the temporary schema: the engine, its ranking and its detail.

WITH scored AS MATERIALIZED (
    SELECT
        m.method_key,
        m.method_code,
        u.unit_code,
        s.*
    FROM warehouse.scoring_method AS m
    CROSS JOIN
        LATERAL warehouse.score_units(
            m.definition,
            'SELECT 1 AS slice, u.unit, true AS has_report FROM pg_temp.score_unit AS u',
            'SELECT 1 AS slice, v.unit, v.indicator, v.value, v.status FROM pg_temp.score_value AS v'
        ) AS s
    INNER JOIN pg_temp.score_unit AS u ON s.unit = u.unit
),

detail AS (
    INSERT INTO warehouse.score_detail (
        period_key, method_key, stage_number, district_key, period_code, method_code, district_code, district_name,
        is_final, score, scores, coverages, outcomes, numerators, denominators
    )
    SELECT
        1,
        s.method_key,
        1,
        s.unit,
        '',
        s.method_code,
        s.unit_code AS district_code,
        s.unit_code AS district_name,
        true,
        s.score,
        s.scores,
        s.coverages,
        s.outcomes,
        s.numerators,
        s.denominators
    FROM scored AS s
)

INSERT INTO warehouse.score_district (
    period_code, method_code, stage_number, district_code, district_name, score, rank, band, is_tied, coverage, reason,
    district_name_en, report_status, is_simulated, sort_name, is_final, period_key, method_key, district_key,
    commune_count
)
SELECT
    '',
    s.method_code,
    1,
    s.unit_code AS district_code,
    s.unit_code AS district_name,
    s.score,
    s.rank,
    s.band,
    s.is_tied,
    s.coverage,
    '',
    s.unit_code AS district_name_en,
    '',
    false,
    s.unit_code AS sort_name,
    true,
    1,
    s.method_key,
    s.unit,
    0
FROM scored AS s;
