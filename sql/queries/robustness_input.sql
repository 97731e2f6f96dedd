-- The points of a ranking as SQL computed them, for the draws: one row per unit that has any.

SELECT
    detail.district_code,
    ranking.rank IS NOT NULL AS is_ranked,
    detail.submission_id IS NOT NULL AS has_report,
    detail.scores::float8[],
    array_to_string(detail.outcomes, '', '-') AS outcomes,
    detail.numerators::float8[],
    detail.denominators::float8[]
FROM warehouse.score_detail AS detail
INNER JOIN warehouse.score_district AS ranking
    ON
        detail.period_code = ranking.period_code
        AND detail.method_code = ranking.method_code
        AND detail.stage_number = ranking.stage_number
        AND detail.district_code = ranking.district_code
INNER JOIN warehouse.dim_period AS period ON detail.period_code = period.period_code
WHERE period.period_key = %(period_key)s AND detail.method_key = %(method_key)s AND detail.is_final
ORDER BY detail.district_code;
