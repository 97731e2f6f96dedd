-- What each criterion measures: the inputs of its numerator (or of the value, sum or external score) and denominator.

CREATE FUNCTION warehouse.method_operand(definition jsonb)
RETURNS TABLE (node_number integer, part text, operand_number integer, input_code text)
LANGUAGE sql IMMUTABLE ROWS 100 SET search_path = pg_catalog, pg_temp AS $$
SELECT
    n.node_number,
    g.part,
    o.place::integer,
    o.input_code
FROM warehouse.method_node(definition) AS n
CROSS JOIN LATERAL (
    VALUES
    (
        'numerator',
        coalesce(n.content -> 'numerator', n.content -> 'value', n.content -> 'sum', n.content -> 'external')
    ),
    ('denominator', n.content -> 'denominator')
) AS g (part, given)
CROSS JOIN LATERAL jsonb_array_elements_text(
    CASE jsonb_typeof(g.given) WHEN 'array' THEN g.given ELSE jsonb_build_array(g.given) END
) WITH ORDINALITY AS o (input_code, place)
WHERE n.rule IS NOT NULL AND g.given IS NOT NULL
$$;
