-- What if: the ranking by a method that nobody stored, over what is known now. The definition of a stored method is in
-- mart.method; change it with jsonb_set. Without a period, every period that the method is in force for.

CREATE FUNCTION mart.rank_with(method_json jsonb, period_code text DEFAULT NULL) RETURNS SETOF mart.district_ranking
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF method_json IS NULL THEN
        RAISE EXCEPTION 'there is no method' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM warehouse.check_method(method_json);
    IF NOT EXISTS (
        SELECT FROM warehouse.dim_period AS p
        WHERE p.period_code = coalesce(rank_with.period_code, p.period_code)
    ) THEN
        RAISE EXCEPTION 'unknown period %', rank_with.period_code USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN QUERY
    SELECT r.*
    FROM warehouse.dim_period AS p
    CROSS JOIN LATERAL warehouse.ranking_of(p.period_key, method_json, NULL) AS r
    WHERE CASE
        WHEN rank_with.period_code IS NOT NULL THEN p.period_code = rank_with.period_code
        ELSE
            p.period_end >= coalesce((method_json ->> 'valid_from')::date, '-infinity')
            AND p.period_end <= coalesce((method_json ->> 'valid_to')::date, 'infinity')
            AND EXISTS (SELECT FROM warehouse.current_submission AS c WHERE c.period_key = p.period_key)
    END;
END
$$;
COMMENT ON FUNCTION mart.rank_with IS
'Thử xếp hạng theo một bộ tiêu chí cho dưới dạng JSON | The ranking by a method given as JSON, stored nowhere';
