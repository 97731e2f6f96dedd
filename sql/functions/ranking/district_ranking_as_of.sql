-- The rankings of a period as they were known at a timestamp: the facts, external scores and methods of that time.

CREATE FUNCTION mart.district_ranking_as_of(period_code text, known_at timestamptz) RETURNS SETOF mart.district_ranking
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
SELECT ranking.*
FROM warehouse.dim_period AS period
CROSS JOIN LATERAL warehouse.method_in_force(period.period_end, district_ranking_as_of.known_at) AS method
CROSS JOIN LATERAL warehouse.ranking_of(
    period.period_key, method.definition, district_ranking_as_of.known_at
) AS ranking
WHERE period.period_code = district_ranking_as_of.period_code
$$;
COMMENT ON FUNCTION mart.district_ranking_as_of IS
'Xếp hạng của một kỳ theo số liệu đã biết tại một thời điểm | The ranking of a period as it was known at a moment';
