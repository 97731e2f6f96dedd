-- Scores a table of values given as arrays, into pg_temp.score_result. Units are numbers of unit_codes.

CREATE TEMPORARY TABLE score_result ON COMMIT DROP AS
SELECT
    unit_code.unit_code,
    scored.*
FROM unnest(%(unit_codes)s::text[]) WITH ORDINALITY AS unit_code (unit_code, unit)
INNER JOIN warehouse.score_units(
    %(definition)s::jsonb,
    ARRAY(
        SELECT ROW(1, number, true)::warehouse.scored_unit
        FROM generate_series(1, cardinality(%(unit_codes)s::text[])) AS number
    ),
    ARRAY(
        SELECT ROW(1, given.unit, given.input_code, given.value, given.value_status)::warehouse.unit_value
        FROM unnest(
            %(units)s::integer[], %(input_codes)s::text[], %(input_values)s::numeric[], %(value_statuses)s::text[]
        ) AS given (unit, input_code, value, value_status)
    )
) AS scored ON unit_code.unit = scored.unit;
