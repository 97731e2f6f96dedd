-- Rankings by one method of given units over given facts, for releases and their comparison: each slice lists its units
-- with their commune counts and the timestamp whose facts they have. Returns score, rank and what the draws need.

WITH unit AS MATERIALIZED (
    SELECT *
    FROM unnest(
        %(slices)s::integer[],
        %(units)s::integer[],
        %(district_codes)s::text[],
        %(commune_counts)s::integer[],
        %(have_report)s::boolean[],
        %(known_at)s::timestamptz[]
    ) AS given (slice, unit, district_code, commune_count, has_report, known_at)
),

moment AS (
    SELECT DISTINCT known_at FROM unit
),

unit_value AS (
    SELECT
        unit.slice,
        unit.unit,
        fact.input_code,
        fact.value,
        fact.value_status
    FROM moment
    CROSS JOIN LATERAL warehouse.period_values(%(period_key)s, %(definition)s::jsonb, moment.known_at) AS fact
    INNER JOIN unit ON fact.unit = unit.unit AND moment.known_at = unit.known_at
    WHERE fact.input_code <> 'district.commune_count'
    UNION ALL
    SELECT
        unit.slice,
        unit.unit,
        'district.commune_count' AS input_code,
        unit.commune_count,
        'reported' AS value_status
    FROM unit
)

SELECT
    scored.slice,
    scored.unit,
    unit.district_code,
    scored.rank IS NOT NULL AS is_ranked,
    unit.has_report,
    scored.score,
    scored.rank,
    scored.band,
    scored.band_en,
    scored.is_tied,
    scored.coverage,
    scored.scores::float8[] AS points,
    array_to_string(scored.outcomes, '', '-') AS outcomes,
    scored.numerators::float8[] AS numerators,
    scored.denominators::float8[] AS denominators,
    jsonb_build_array(
        unit.district_code,
        scored.rank,
        scored.score,
        scored.band,
        scored.is_tied,
        scored.coverage,
        scored.scores,
        array_to_string(scored.outcomes, '', '-')
    )::text AS line
FROM
    warehouse.score_units(
        %(definition)s::jsonb,
        ARRAY(SELECT ROW(given.slice, given.unit, given.has_report)::warehouse.scored_unit FROM unit AS given),
        ARRAY(
            SELECT
                ROW(
                    unit_value.slice, unit_value.unit, unit_value.input_code, unit_value.value, unit_value.value_status
                )::warehouse.unit_value
            FROM unit_value
        )
    ) AS scored
INNER JOIN unit ON scored.slice = unit.slice AND scored.unit = unit.unit
ORDER BY scored.slice, unit.district_code;
