-- The units of a signed ranking as they were signed, with what the facts tell was known of them at that time.

SELECT
    unit.district_key,
    unit.district_code,
    unit.district_name,
    unit.district_name_en,
    unit.sort_name,
    unit.commune_count,
    EXISTS(
        SELECT FROM warehouse.fact_observation AS fact
        WHERE
            fact.period_key = %(period_key)s
            AND fact.district_key = unit.district_key
            AND warehouse.is_known(fact.known_from, fact.known_to, %(known_at)s)
    ) AS has_report,
    unit.is_simulated
FROM warehouse.ranking_release_row AS unit
WHERE unit.release_id = %(release_id)s
ORDER BY unit.sort_name, unit.district_code;
