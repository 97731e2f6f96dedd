-- What the engine reads of the warehouse: the units of a period and the values of a method's inputs, as known now
-- (known_at is NULL) or at a timestamp.

CREATE FUNCTION warehouse.is_known(known_from timestamptz, known_to timestamptz, known_at timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
SELECT CASE WHEN known_at IS NULL THEN known_to = 'infinity' ELSE known_from <= known_at AND known_to > known_at END
$$;

-- The codes of all values that a method reads; criterion.<code> is an appraisal in place of the computed points.
CREATE FUNCTION warehouse.method_inputs(definition jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
SELECT array_agg(DISTINCT input.code)
FROM warehouse.method_node(method_inputs.definition) AS node
CROSS JOIN LATERAL unnest(node.numerator || node.denominator || ('criterion.' || node.node_code)) AS input (code)
WHERE node.rule IS NOT NULL
$$;

CREATE FUNCTION warehouse.period_units(period_key integer, known_at timestamptz DEFAULT NULL)
RETURNS SETOF warehouse.scored_unit
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
SELECT
    expected.period_key,
    expected.district_key,
    CASE
        WHEN period_units.known_at IS NULL THEN submission.submission_id IS NOT NULL
        ELSE EXISTS (
            SELECT FROM warehouse.fact_observation AS fact
            WHERE
                fact.period_key = expected.period_key
                AND fact.district_key = expected.district_key
                AND warehouse.is_known(fact.known_from, fact.known_to, period_units.known_at)
        )
    END
FROM warehouse.expected_report AS expected
LEFT JOIN warehouse.current_submission AS submission
    ON expected.period_key = submission.period_key AND expected.district_key = submission.district_key
WHERE expected.period_key = period_units.period_key
$$;

CREATE FUNCTION warehouse.period_values(
    period_key integer, definition jsonb, known_at timestamptz DEFAULT NULL, stage_number integer DEFAULT NULL
)
RETURNS SETOF warehouse.unit_value
LANGUAGE sql STABLE ROWS 50000
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off -- a period's facts are read in one scan, not input by input
SET jit = off
AS $$
WITH input AS MATERIALIZED (
    SELECT unnest(warehouse.method_inputs(period_values.definition)) AS input_code
),

-- Of external scores of several stages the latest counts.
external_score AS (
    SELECT DISTINCT ON (district.district_key, score.input_code)
        district.district_key,
        score.input_code,
        score.value
    FROM warehouse.external_score AS score
    INNER JOIN warehouse.dim_period AS period ON score.period_code = period.period_code
    INNER JOIN warehouse.dim_district AS district
        ON
            score.district_code = district.district_code
            AND period.period_end BETWEEN district.valid_from AND district.valid_to
    LEFT JOIN jsonb_array_elements_text(
        period_values.definition -> 'stages'
    ) WITH ORDINALITY AS stage (stage_code, number) ON score.stage_code = stage.stage_code
    WHERE
        period.period_key = period_values.period_key
        AND warehouse.is_known(score.known_from, score.known_to, period_values.known_at)
        AND (score.stage_code = '' OR stage.number <= coalesce(period_values.stage_number, stage.number))
    ORDER BY district.district_key, score.input_code, stage.number DESC NULLS LAST
)

SELECT
    fact.period_key,
    fact.district_key,
    input.input_code,
    fact.value,
    fact.value_status
FROM warehouse.fact_observation AS fact
INNER JOIN warehouse.dim_indicator AS indicator ON fact.indicator_key = indicator.indicator_key
INNER JOIN input ON indicator.indicator_code = input.input_code
WHERE
    fact.period_key = period_values.period_key
    AND warehouse.is_known(fact.known_from, fact.known_to, period_values.known_at)
UNION ALL
SELECT
    period_values.period_key,
    district.district_key,
    input.input_code,
    district.commune_count,
    'reported'
FROM warehouse.dim_district AS district
INNER JOIN input ON input.input_code = 'district.commune_count'
UNION ALL
SELECT
    period_values.period_key,
    external_score.district_key,
    external_score.input_code,
    external_score.value,
    'reported'
FROM external_score
$$;

-- The districts of a period for which a method reads a simulated external score.
CREATE FUNCTION warehouse.simulated_score_districts(
    period_code text, definition jsonb, known_at timestamptz DEFAULT NULL
)
RETURNS TABLE (district_code text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
SELECT DISTINCT score.district_code
FROM warehouse.external_score AS score
WHERE
    score.is_simulated
    AND score.period_code = simulated_score_districts.period_code
    AND warehouse.is_known(score.known_from, score.known_to, simulated_score_districts.known_at)
    AND score.input_code = any(warehouse.method_inputs(simulated_score_districts.definition))
$$;
