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
WITH asked AS (
    SELECT method.definition, period.period_key
    FROM warehouse.scoring_method AS method
    CROSS JOIN warehouse.dim_period AS period
    WHERE method.method_code = rank_with_values.method_code AND period.period_code = rank_with_values.period_code
),

district AS MATERIALIZED (
    SELECT dim_district.district_key, dim_district.district_code, dim_district.name_vi, unit.has_report
    FROM asked
    CROSS JOIN LATERAL warehouse.period_units(asked.period_key) AS unit
    INNER JOIN warehouse.dim_district ON unit.unit = dim_district.district_key
    WHERE dim_district.district_code = any(coalesce(rank_with_values.district_codes, ARRAY[dim_district.district_code]))
),

change AS MATERIALIZED (
    SELECT given.scenario, district.district_key, given.indicator_code, given.value
    FROM jsonb_to_recordset(rank_with_values.changes) AS given (
        scenario integer, district_code text, indicator_code text, value numeric
    )
    LEFT JOIN district ON given.district_code = district.district_code
),

-- Scenarios are scored in batches of some thousand units, so that memory stays bounded.
scenario AS MATERIALIZED (
    SELECT
        change.scenario,
        row_number() OVER (ORDER BY change.scenario) * (SELECT count(*) FROM district) / 5000 AS batch
    FROM change
    GROUP BY change.scenario
),

unit_value AS MATERIALIZED (
    SELECT
        scenario.batch,
        ROW(scenario.scenario, known.unit, known.input_code, known.value, known.value_status)::warehouse.unit_value AS cell
    FROM asked
    CROSS JOIN LATERAL warehouse.period_values(asked.period_key, asked.definition) AS known
    INNER JOIN district ON known.unit = district.district_key
    CROSS JOIN scenario
    LEFT JOIN change
        ON
            scenario.scenario = change.scenario
            AND known.unit = change.district_key
            AND known.input_code = change.indicator_code
    WHERE change.scenario IS NULL
    UNION ALL
    SELECT
        scenario.batch,
        ROW(
            change.scenario, change.district_key, change.indicator_code, change.value,
            CASE WHEN change.value IS NULL THEN 'blank' ELSE 'reported' END
        )::warehouse.unit_value
    FROM change
    INNER JOIN scenario ON change.scenario = scenario.scenario
    WHERE change.district_key IS NOT NULL
)

SELECT
    scored.slice, district.district_code, district.name_vi, scored.score, scored.rank, scored.band, scored.is_tied,
    scored.coverage
FROM asked
CROSS JOIN (SELECT DISTINCT scenario.batch FROM scenario) AS batch
CROSS JOIN LATERAL warehouse.score_units(
    asked.definition,
    ARRAY(
        SELECT ROW(scenario.scenario, district.district_key, district.has_report)::warehouse.scored_unit
        FROM scenario CROSS JOIN district
        WHERE scenario.batch = batch.batch
    ),
    ARRAY(SELECT unit_value.cell FROM unit_value WHERE unit_value.batch = batch.batch)
) AS scored
INNER JOIN district ON scored.unit = district.district_key
ORDER BY scored.slice, scored.rank NULLS LAST, district.district_code
$$;
COMMENT ON FUNCTION mart.rank_with_values IS
'Thử xếp hạng khi một số giá trị khác đi | The ranking of a period with some values changed, stored nowhere';
