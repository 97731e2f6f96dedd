-- What each criterion of each district was scored from, down to the cell: reported values, figures of the catalogue,
-- external scores, and an appraisal that stands in place of what would be computed.

CREATE VIEW mart.score_input WITH (security_barrier) AS
WITH asked AS (
    SELECT
        d.period_code,
        d.period_key,
        d.method_code,
        d.method_key,
        d.district_code,
        d.district_key,
        d.district_name,
        n.node_number,
        n.node_code,
        CASE o.part WHEN 'numerator' THEN 1 ELSE 2 END AS part_number,
        CASE
            WHEN
                o.part = 'denominator' OR EXISTS (
                    SELECT FROM warehouse.scoring_operand AS b
                    WHERE b.method_key = n.method_key AND b.node_number = n.node_number AND b.part = 'denominator'
                ) THEN o.part
            ELSE 'value'
        END AS part,
        o.operand_number,
        o.input_code
    FROM warehouse.score_detail AS d
    INNER JOIN warehouse.scoring_node AS n ON d.method_key = n.method_key AND n.rule IS NOT NULL
    INNER JOIN warehouse.scoring_operand AS o ON n.method_key = o.method_key AND n.node_number = o.node_number
    WHERE d.is_final
    UNION ALL
    SELECT
        d.period_code,
        d.period_key,
        d.method_code,
        d.method_key,
        d.district_code,
        d.district_key,
        d.district_name,
        n.node_number,
        n.node_code,
        0 AS part_number,
        'appraisal' AS part,
        1 AS operand_number,
        'criterion.' || n.node_code AS input_code
    FROM warehouse.score_detail AS d
    INNER JOIN warehouse.scoring_node AS n ON d.method_key = n.method_key
    WHERE d.is_final AND d.outcomes[n.node_number] = 'a'
)

SELECT
    a.period_code,
    a.method_code,
    a.district_code,
    a.district_name,
    a.node_code AS criterion_code,
    a.part,
    a.input_code,
    coalesce(i.name_vi, g.name_vi, x.input_code, a.input_code) AS input_name,
    coalesce(i.name_en, g.name_en, x.input_code, a.input_code) AS input_name_en,
    CASE WHEN i.indicator_code IS NOT NULL THEN 'report' WHEN g.value IS NOT NULL THEN 'catalogue' ELSE 'external' END
        AS source,
    coalesce(o.value, g.value, x.value) AS value,
    coalesce(o.value_status, CASE WHEN g.value IS NULL AND x.value IS NULL THEN 'blank' ELSE 'reported' END)
        AS value_status,
    i.kind,
    i.unit_vi AS unit,
    i.unit_en,
    s.file_name,
    s.sha256,
    o.location,
    o.raw_value,
    o.submission_id,
    o.correction_id,
    x.entered_by,
    x.reason AS entry_reason,
    coalesce(o.known_from, x.known_from) AS known_from,
    coalesce(s.is_simulated, x.is_simulated, false) AS is_simulated,
    1000 * a.node_number + 100 * a.part_number + a.operand_number AS sort_order
FROM asked AS a
LEFT JOIN warehouse.dim_indicator AS i ON a.input_code = i.indicator_code
LEFT JOIN warehouse.fact_observation AS o
    ON
        i.indicator_key = o.indicator_key AND a.period_key = o.period_key AND a.district_key = o.district_key
        AND o.known_to = 'infinity'
LEFT JOIN raw.submission AS s ON o.submission_id = s.submission_id
LEFT JOIN LATERAL (
    SELECT
        d.commune_count::numeric AS value,
        'Số đơn vị hành chính cấp xã' AS name_vi,
        'Communes of the district' AS name_en
    FROM warehouse.dim_district AS d
    WHERE d.district_key = a.district_key AND a.input_code = 'district.commune_count'
) AS g ON true
LEFT JOIN LATERAL (
    SELECT e.*
    FROM warehouse.external_score AS e
    LEFT JOIN warehouse.scoring_stage AS t ON e.stage_code = t.stage_code AND a.method_key = t.method_key
    WHERE
        e.period_code = a.period_code AND e.district_code = a.district_code AND e.input_code = a.input_code
        AND e.known_to = 'infinity' AND (e.stage_code = '' OR t.stage_number IS NOT NULL)
    ORDER BY t.stage_number DESC NULLS LAST
    LIMIT 1
) AS x ON true
WHERE
    (SELECT reader.sees_all FROM warehouse.reader AS reader)
    OR a.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
    OR a.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released);
