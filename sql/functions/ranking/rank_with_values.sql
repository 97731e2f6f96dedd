-- What if values were others: each scenario is the period with some reported values changed, scored by a stored method
-- with the same engine. changes: [{"scenario": 1, "district_code": "946", "indicator_code": "…", "value": 5}, …], null
-- for blank. With district_codes only these are scored, against each other: enough where a method compares no values
-- between districts.

CREATE FUNCTION mart.rank_with_values(
    period_code text, method_code text, changes jsonb, district_codes text[] DEFAULT NULL
)
RETURNS TABLE (
    scenario integer,
    district_code text,
    district_name text,
    score numeric,
    rank bigint,
    band text,
    is_tied boolean,
    coverage numeric
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
SELECT
    s.slice,
    d.district_code,
    d.name_vi,
    s.score,
    s.rank,
    s.band,
    s.is_tied,
    s.coverage
FROM warehouse.dim_period AS p
INNER JOIN warehouse.scoring_method AS m ON m.method_code = rank_with_values.method_code
CROSS JOIN LATERAL warehouse.score_units(
    m.definition,
    format(
        $source$
    SELECT c.scenario AS slice, u.unit, u.has_report
    FROM (%1$s) AS u
    INNER JOIN warehouse.dim_district AS d ON u.unit = d.district_key
    CROSS JOIN (
        SELECT DISTINCT x.scenario FROM jsonb_to_recordset(%2$L::jsonb) AS x (scenario integer)
    ) AS c
    WHERE d.district_code = any(coalesce(%3$L::text[], ARRAY[d.district_code]))$source$,
        warehouse.unit_source(p.period_key), rank_with_values.changes, rank_with_values.district_codes
    ),
    format(
        $source$
    SELECT c.scenario AS slice, v.unit, v.indicator, v.value, v.status
    FROM (%1$s) AS v
    INNER JOIN warehouse.dim_district AS d ON v.unit = d.district_key
    CROSS JOIN (
        SELECT DISTINCT x.scenario FROM jsonb_to_recordset(%2$L::jsonb) AS x (scenario integer)
    ) AS c
    WHERE
        d.district_code = any(coalesce(%3$L::text[], ARRAY[d.district_code]))
        AND NOT EXISTS (
            SELECT FROM jsonb_to_recordset(%2$L::jsonb) AS x (
                scenario integer, district_code text, indicator_code text
            )
            WHERE x.scenario = c.scenario AND x.district_code = d.district_code AND x.indicator_code = v.indicator
        )
    UNION ALL
    SELECT
        x.scenario, e.district_key, x.indicator_code, x.value,
        CASE WHEN x.value IS NULL THEN 'blank' ELSE 'reported' END
    FROM jsonb_to_recordset(%2$L::jsonb) AS x (
        scenario integer, district_code text, indicator_code text, value numeric
    )
    INNER JOIN warehouse.expected_report AS e ON x.district_code = e.district_code AND e.period_key = %4$s
    WHERE x.indicator_code = any($2)$source$,
        warehouse.value_source(p.period_key), rank_with_values.changes, rank_with_values.district_codes, p.period_key
    )
) AS s
INNER JOIN warehouse.dim_district AS d ON s.unit = d.district_key
WHERE p.period_code = rank_with_values.period_code
ORDER BY s.slice, s.rank NULLS LAST, d.district_code
$$;
COMMENT ON FUNCTION mart.rank_with_values IS
'Thử xếp hạng khi một số giá trị khác đi | The ranking of a period with some values changed, stored nowhere';
