-- The units that are expected to report a period, as the catalogue has them now, with what was known of them at a moment.

SELECT
    e.district_key,
    e.district_code,
    e.district_name,
    e.district_name_en,
    e.sort_name,
    d.commune_count,
    e.district_key IN (
        SELECT o.district_key FROM warehouse.fact_observation AS o
        WHERE o.period_key = %(period_key)s AND o.known_from <= %(known_at)s AND o.known_to > %(known_at)s
    ) AS has_report,
    coalesce(f.is_simulated, false)
    OR e.district_code IN (
        SELECT x.district_code
        FROM warehouse.made_up_scores(%(definition)s::jsonb, e.period_code, %(known_at)s) AS x
    ) AS is_simulated
FROM warehouse.expected_report AS e
INNER JOIN warehouse.dim_district AS d ON e.district_key = d.district_key
LEFT JOIN LATERAL (
    SELECT g.is_simulated FROM warehouse.fact_submission AS g
    WHERE
        g.period_key = e.period_key AND g.district_key = e.district_key AND g.accepted_at <= %(known_at)s
    ORDER BY g.accepted_at DESC
    LIMIT 1
) AS f ON true
WHERE e.period_key = %(period_key)s
ORDER BY e.sort_name, e.district_code;
