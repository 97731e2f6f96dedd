-- The points of a ranking as SQL computed them, for the draws: one row a unit that has any.

SELECT
    d.district_code,
    s.rank IS NOT NULL AS is_ranked,
    d.submission_id IS NOT NULL AS has_report,
    d.scores::float8[],
    array_to_string(d.outcomes, '', '-') AS outcomes,
    d.numerators::float8[],
    d.denominators::float8[]
FROM warehouse.score_detail AS d
INNER JOIN warehouse.score_district AS s
    ON
        d.period_code = s.period_code
        AND d.method_code = s.method_code
        AND d.stage_number = s.stage_number
        AND d.district_code = s.district_code
INNER JOIN warehouse.dim_period AS p ON d.period_code = p.period_code
WHERE p.period_key = %(period_key)s AND d.method_key = %(method_key)s AND d.is_final
ORDER BY d.district_code;
