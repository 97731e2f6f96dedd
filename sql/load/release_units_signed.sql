-- The units of a signed ranking as they were signed, with what the facts say was known of them then.

SELECT
    w.district_key,
    w.district_code,
    w.district_name,
    w.district_name_en,
    w.sort_name,
    w.commune_count,
    w.district_key IN (
        SELECT o.district_key FROM warehouse.fact_observation AS o
        WHERE o.period_key = p.period_key AND o.known_from <= r.known_at AND o.known_to > r.known_at
    ) AS has_report,
    w.is_simulated
FROM warehouse.ranking_release_row AS w
INNER JOIN warehouse.ranking_release AS r ON w.release_id = r.release_id
INNER JOIN warehouse.dim_period AS p ON r.period_code = p.period_code
WHERE w.release_id = %(release_id)s
ORDER BY w.sort_name, w.district_code;
