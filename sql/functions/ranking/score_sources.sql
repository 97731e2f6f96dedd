-- Where the engine reads the warehouse's units and values: as known now, or as known at a moment.

CREATE FUNCTION warehouse.unit_source(period_key integer, known_at timestamptz DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $function$
SELECT CASE
    WHEN unit_source.known_at IS NULL THEN format($source$
    SELECT e.period_key AS slice, e.district_key AS unit, c.submission_id IS NOT NULL AS has_report
    FROM warehouse.expected_report AS e
    LEFT JOIN warehouse.current_submission AS c ON e.period_key = c.period_key AND e.district_key = c.district_key
    WHERE e.period_key = %s$source$, unit_source.period_key)
    ELSE format($source$
    SELECT
        e.period_key AS slice, e.district_key AS unit,
        EXISTS (
            SELECT FROM warehouse.fact_observation AS o
            WHERE o.period_key = %1$s AND o.district_key = e.district_key
                AND o.known_from <= %2$L::timestamptz AND o.known_to > %2$L::timestamptz
        ) AS has_report
    FROM warehouse.expected_report AS e
    WHERE e.period_key = %1$s$source$, unit_source.period_key, unit_source.known_at)
END
$function$;

CREATE FUNCTION warehouse.value_source(period_key integer, known_at timestamptz DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $function$
SELECT format($source$
    SELECT o.period_key AS slice, o.district_key AS unit, i.indicator_code AS indicator, o.value, o.value_status AS status
    FROM warehouse.fact_observation AS o
    INNER JOIN warehouse.dim_indicator AS i ON o.indicator_key = i.indicator_key AND i.indicator_code = any($2)
    WHERE o.period_key = %1$s AND %2$s
    UNION ALL
    SELECT %1$s, e.district_key, 'district.commune_count', e.commune_count, 'reported'
    FROM warehouse.dim_district AS e WHERE 'district.commune_count' = any($2)
    UNION ALL
    (
        SELECT DISTINCT ON (d.district_key, o.input_code)
            p.period_key, d.district_key, o.input_code, o.value, 'reported'
        FROM warehouse.external_score AS o
        INNER JOIN warehouse.dim_period AS p ON o.period_code = p.period_code
        INNER JOIN warehouse.dim_district AS d
            ON o.district_code = d.district_code AND p.period_end BETWEEN d.valid_from AND d.valid_to
        LEFT JOIN jsonb_array_elements_text($1 -> 'stages') WITH ORDINALITY AS s (stage_code, place)
            ON o.stage_code = s.stage_code
        WHERE p.period_key = %1$s AND %2$s AND (o.stage_code = '' OR s.place <= $3)
        ORDER BY d.district_key, o.input_code, s.place DESC NULLS LAST
    )$source$,
    value_source.period_key,
    CASE
        WHEN value_source.known_at IS NULL THEN 'o.known_to = ''infinity'''
        ELSE format(
            'o.known_from <= %1$L::timestamptz AND o.known_to > %1$L::timestamptz', value_source.known_at
        )
    END
)
$function$;
