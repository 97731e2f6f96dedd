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
        WHERE o.period_key = %(period_key)s AND o.known_from <= %(known_at)s AND o.known_to > %(known_at)s
    ) AS has_report,
    w.is_simulated
FROM warehouse.ranking_release_row AS w
WHERE w.release_id = %(release_id)s
ORDER BY w.sort_name, w.district_code;
