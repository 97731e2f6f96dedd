-- The rankings of all slices of pg_temp.mixture by one method: score, rank and what the draws need.

SELECT
    s.slice,
    s.unit,
    m.district_code,
    s.rank IS NOT NULL AS is_ranked,
    m.has_report,
    s.score,
    s.rank,
    s.band,
    s.band_en,
    s.is_tied,
    s.coverage,
    s.scores::float8[] AS points,
    array_to_string(s.outcomes, '', '-') AS outcomes,
    s.numerators::float8[] AS numerators,
    s.denominators::float8[] AS denominators,
    jsonb_build_array(
        m.district_code, s.rank, s.score, s.band, s.is_tied, s.coverage, s.scores, array_to_string(s.outcomes, '', '-')
    )::text AS line
FROM
    warehouse.score_units(
        %(definition)s::jsonb,
        warehouse.mixture_unit_source(),
        warehouse.mixture_value_source(%(period_key)s, %(earlier)s, %(later)s)
    ) AS s
INNER JOIN pg_temp.mixture AS m ON s.slice = m.slice AND s.unit = m.unit
ORDER BY s.slice, m.district_code;
