-- The rankings of a period as they were known at a moment: the facts, external scores and methods of then.

CREATE FUNCTION mart.district_ranking_as_of(period_code text, known_at timestamptz) RETURNS SETOF mart.district_ranking
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
SELECT r.*
FROM warehouse.dim_period AS p
CROSS JOIN LATERAL warehouse.method_in_force(p.period_end, district_ranking_as_of.known_at) AS m
CROSS JOIN LATERAL warehouse.ranking_of(p.period_key, m.definition, district_ranking_as_of.known_at) AS r
WHERE p.period_code = district_ranking_as_of.period_code
$$;
COMMENT ON FUNCTION mart.district_ranking_as_of IS
'Xếp hạng của một kỳ theo số liệu đã biết tại một thời điểm | The ranking of a period as it was known at a moment';
