-- What if: the ranking by a method that is not stored, over what is known now. The definition of a stored method is in
-- mart.method; change it with jsonb_set. Without a period, all periods in which the method is in force.

CREATE FUNCTION mart.rank_with(method_json jsonb, period_code text DEFAULT NULL) RETURNS SETOF mart.district_ranking
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM warehouse.check_method(
        method_json,
        ARRAY(SELECT indicator.indicator_code FROM warehouse.dim_indicator AS indicator) || 'district.commune_count'::text
    );
    IF NOT EXISTS (
        SELECT FROM warehouse.dim_period AS period
        WHERE period.period_code = coalesce(rank_with.period_code, period.period_code)
    ) THEN
        RAISE EXCEPTION 'unknown period %', rank_with.period_code USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN QUERY
    SELECT ranking.*
    FROM warehouse.dim_period AS period
    CROSS JOIN LATERAL warehouse.ranking_of(period.period_key, method_json, NULL) AS ranking
    WHERE CASE
        WHEN rank_with.period_code IS NOT NULL THEN period.period_code = rank_with.period_code
        ELSE
            period.period_end >= coalesce((method_json ->> 'valid_from')::date, '-infinity')
            AND period.period_end <= coalesce((method_json ->> 'valid_to')::date, 'infinity')
            AND EXISTS (
                SELECT FROM warehouse.current_submission AS submission
                WHERE submission.period_key = period.period_key
            )
    END;
END
$$;
COMMENT ON FUNCTION mart.rank_with IS
'Thử xếp hạng theo một bộ tiêu chí cho dưới dạng JSON | The ranking by a method given as JSON, stored nowhere';
