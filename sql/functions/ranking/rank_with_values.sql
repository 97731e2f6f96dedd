-- What if values were different: each scenario is the period with some values changed, scored by a stored method.
-- changes: [{"scenario": 1, "district_code": "946", "indicator_code": "…", "value": 5}, …]; a null value is blank.
-- With district_codes only these are scored, against each other: enough where a method compares no districts.

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
WITH method AS (
    SELECT * FROM warehouse.scoring_method WHERE method_code = rank_with_values.method_code
),

period AS (
    SELECT * FROM warehouse.dim_period WHERE period_code = rank_with_values.period_code
),

district AS MATERIALIZED (
    SELECT
        dim_district.district_key,
        dim_district.district_code,
        dim_district.name_vi,
        expected.has_report
    FROM period
    CROSS JOIN LATERAL warehouse.period_units(period.period_key) AS expected
    INNER JOIN warehouse.dim_district ON expected.unit = dim_district.district_key
    WHERE dim_district.district_code = any(coalesce(rank_with_values.district_codes, ARRAY[dim_district.district_code]))
),

change AS MATERIALIZED (
    SELECT
        given.scenario,
        district.district_key,
        given.indicator_code,
        given.value
    FROM jsonb_to_recordset(rank_with_values.changes) AS given (
        scenario integer, district_code text, indicator_code text, value numeric
    )
    LEFT JOIN district ON given.district_code = district.district_code
),

current_value AS MATERIALIZED (
    SELECT unit_value.*
    FROM method
    CROSS JOIN period
    CROSS JOIN LATERAL warehouse.period_values(period.period_key, method.definition) AS unit_value
    INNER JOIN district ON unit_value.unit = district.district_key
),

-- Scenarios are scored in batches of some thousand units, so that memory stays bounded.
scenario AS MATERIALIZED (
    SELECT
        numbered.scenario,
        (row_number() OVER (ORDER BY numbered.scenario) * (SELECT count(*) FROM district)) / 5000 AS batch
    FROM (SELECT DISTINCT change.scenario FROM change) AS numbered
)

SELECT
    scored.slice,
    district.district_code,
    district.name_vi,
    scored.score,
    scored.rank,
    scored.band,
    scored.is_tied,
    scored.coverage
FROM method
CROSS JOIN (SELECT DISTINCT scenario.batch FROM scenario) AS batch
CROSS JOIN LATERAL warehouse.score_units(
    method.definition,
    ARRAY(
        SELECT ROW(scenario.scenario, district.district_key, district.has_report)::warehouse.scored_unit
        FROM scenario CROSS JOIN district
        WHERE scenario.batch = batch.batch
    ),
    ARRAY(
        SELECT
            ROW(
                scenario.scenario,
                current_value.unit,
                current_value.input_code,
                current_value.value,
                current_value.value_status
            )::warehouse.unit_value
        FROM scenario
        CROSS JOIN current_value
        WHERE scenario.batch = batch.batch AND NOT EXISTS (
            SELECT FROM change
            WHERE
                change.scenario = scenario.scenario
                AND change.district_key = current_value.unit
                AND change.indicator_code = current_value.input_code
        )
        UNION ALL
        SELECT
            ROW(
                change.scenario,
                change.district_key,
                change.indicator_code,
                change.value,
                CASE WHEN change.value IS NULL THEN 'blank' ELSE 'reported' END
            )::warehouse.unit_value
        FROM change
        INNER JOIN scenario ON change.scenario = scenario.scenario
        WHERE scenario.batch = batch.batch AND change.district_key IS NOT NULL
    )
) AS scored
INNER JOIN district ON scored.unit = district.district_key
ORDER BY scored.slice, scored.rank NULLS LAST, district.district_code
$$;
COMMENT ON FUNCTION mart.rank_with_values IS
'Thử xếp hạng khi một số giá trị khác đi | The ranking of a period with some values changed, stored nowhere';
