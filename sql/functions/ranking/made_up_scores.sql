-- The districts of a period for which a method reads a made-up external score, now (null) or at a moment.

CREATE FUNCTION warehouse.made_up_scores(definition jsonb, period_code text, known_at timestamptz DEFAULT NULL)
RETURNS TABLE (district_code text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
SELECT DISTINCT x.district_code
FROM warehouse.external_score AS x
WHERE
    x.is_simulated AND x.period_code = made_up_scores.period_code
    AND CASE
        WHEN made_up_scores.known_at IS NULL THEN x.known_to = 'infinity'
        ELSE x.known_from <= made_up_scores.known_at AND x.known_to > made_up_scores.known_at
    END
    AND x.input_code IN (
        SELECT o.input_code FROM warehouse.method_operand(made_up_scores.definition) AS o
        UNION ALL
        SELECT 'criterion.' || n.node_code FROM warehouse.method_node(made_up_scores.definition) AS n
        WHERE n.rule IS NOT NULL
    )
$$;
