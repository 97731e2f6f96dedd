-- A method's tree, statuses, inputs, bands and stages as rows, all from its definition.

WITH RECURSIVE method AS (
    SELECT
        m.method_key,
        m.definition
    FROM warehouse.scoring_method AS m
    WHERE m.method_code = %(method_code)s
),

node AS MATERIALIZED (
    SELECT
        m.method_key,
        n.*
    FROM method AS m CROSS JOIN LATERAL warehouse.method_node(m.definition) AS n
),

tree AS (
    INSERT INTO warehouse.scoring_node (
        method_key, node_number, parent_number, depth, node_code, kind, reform_area_code, weight, aggregation, rule,
        zero_at,
        full_at,
        lowest_points,
        is_less_better,
        edges,
        edge_points,
        empty_denominator,
        round_unit,
        round_digits,
        from_stage, name_vi, name_en, reason_vi, reason_en
    )
    SELECT
        n.method_key,
        n.node_number,
        n.parent_number,
        n.depth,
        n.node_code,
        n.kind,
        n.reform_area_code,
        n.weight,
        n.aggregation,
        n.rule,
        n.zero_at,
        n.full_at,
        n.lowest_points,
        n.is_less_better,
        n.edges,
        n.edge_points,
        n.empty_denominator,
        n.round_unit,
        n.round_digits,
        n.from_stage,
        coalesce(n.content ->> 'name_vi', n.node_code),
        coalesce(n.content ->> 'name_en', n.node_code),
        coalesce(n.content ->> 'reason_vi', ''),
        coalesce(n.content ->> 'reason_en', '')
    FROM node AS n
),

status AS (
    INSERT INTO warehouse.scoring_status (method_key, node_number, value_status, counts_as)
    SELECT
        n.method_key,
        n.node_number,
        s.key,
        s.value
    FROM node AS n CROSS JOIN LATERAL jsonb_each_text(n.statuses) AS s
    WHERE n.rule IS NOT NULL
),

operand AS (
    INSERT INTO warehouse.scoring_operand (method_key, node_number, part, operand_number, input_code)
    SELECT
        m.method_key,
        o.node_number,
        o.part,
        o.operand_number,
        o.input_code
    FROM method AS m CROSS JOIN LATERAL warehouse.method_operand(m.definition) AS o
),

above AS (
    SELECT
        n.method_key,
        n.node_number,
        n.node_number AS ancestor_number,
        n.parent_number
    FROM node AS n
    WHERE n.parent_number IS NOT NULL
    UNION ALL
    SELECT
        a.method_key,
        a.node_number,
        p.node_number AS ancestor_number,
        p.parent_number
    FROM above AS a INNER JOIN node AS p ON a.parent_number = p.node_number
    WHERE p.parent_number IS NOT NULL
),

ancestor AS (
    INSERT INTO warehouse.scoring_ancestor (method_key, node_number, ancestor_number)
    SELECT
        a.method_key,
        a.node_number,
        a.ancestor_number
    FROM above AS a
),

band AS (
    INSERT INTO warehouse.scoring_band (method_key, lower_edge, is_edge_included, name_vi, name_en)
    SELECT
        m.method_key,
        coalesce(b.said ->> 'from', b.said ->> 'above')::numeric,
        b.said ? 'from',
        b.said ->> 'name_vi',
        b.said ->> 'name_en'
    FROM method AS m CROSS JOIN LATERAL jsonb_array_elements(m.definition -> 'bands') AS b (said)
)

INSERT INTO warehouse.scoring_stage (method_key, stage_number, stage_code)
SELECT
    m.method_key,
    s.place,
    s.stage_code
FROM method AS m CROSS JOIN LATERAL jsonb_array_elements_text(m.definition -> 'stages') WITH ORDINALITY AS s (
    stage_code, place
);
