-- What a signature is bound to, as hashes. A line is a JSON array, so that different contents never look alike; numbers
-- are in their shortest decimal form, and no surrogate key is part of a line.

CREATE FUNCTION warehouse.content_sha256(lines text[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
SELECT encode(
    sha256(convert_to(coalesce(string_agg(lines.line, E'\n' ORDER BY lines.line COLLATE "C"), ''), 'UTF8')), 'hex'
)
FROM unnest(content_sha256.lines) AS lines (line)
$$;

-- All that a method reads of the reports and external scores of a period, as known now (NULL) or at a timestamp.
CREATE FUNCTION warehouse.data_line(period_key integer, definition jsonb, known_at timestamptz)
RETURNS TABLE (district_code text, line text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
WITH input AS MATERIALIZED (
    SELECT unnest(warehouse.method_inputs(data_line.definition)) AS input_code
),

fact AS MATERIALIZED (
    SELECT
        observation.district_key,
        observation.indicator_key,
        observation.value,
        observation.value_status
    FROM warehouse.fact_observation AS observation
    WHERE
        observation.period_key = data_line.period_key
        AND warehouse.is_known(observation.known_from, observation.known_to, data_line.known_at)
)

SELECT
    district.district_code,
    jsonb_build_array(
        district.district_code, indicator.indicator_code, trim_scale(fact.value), fact.value_status
    )::text
FROM fact
INNER JOIN warehouse.dim_district AS district ON fact.district_key = district.district_key
INNER JOIN warehouse.dim_indicator AS indicator ON fact.indicator_key = indicator.indicator_key
INNER JOIN input ON indicator.indicator_code = input.input_code
UNION ALL
SELECT
    district.district_code,
    jsonb_build_array(district.district_code)::text
FROM warehouse.dim_district AS district
WHERE district.district_key IN (SELECT fact.district_key FROM fact)
UNION ALL
SELECT
    score.district_code,
    jsonb_build_array(score.district_code, score.input_code, trim_scale(score.value), score.stage_code)::text
FROM warehouse.external_score AS score
INNER JOIN warehouse.dim_period AS period ON score.period_code = period.period_code
INNER JOIN input ON score.input_code = input.input_code
WHERE
    period.period_key = data_line.period_key
    AND warehouse.is_known(score.known_from, score.known_to, data_line.known_at)
$$;

CREATE FUNCTION warehouse.data_sha256(period_key integer, definition jsonb, known_at timestamptz) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
SELECT warehouse.content_sha256(array_agg(data.line))
FROM warehouse.data_line(data_sha256.period_key, data_sha256.definition, data_sha256.known_at) AS data
$$;

CREATE FUNCTION warehouse.unit_line(district_code text, district_name text, commune_count integer) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
SELECT jsonb_build_array(district_code, district_name, commune_count)::text
$$;
