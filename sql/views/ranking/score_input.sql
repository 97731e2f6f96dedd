-- What each criterion of each district was scored from, down to the cell: reported values, figures of the catalogue,
-- external scores, and an appraisal that stands in place of what would be computed.

CREATE VIEW mart.score_input WITH (security_barrier) AS
WITH asked AS (
    SELECT
        detail.period_code,
        detail.period_key,
        detail.method_code,
        detail.method_key,
        detail.district_code,
        detail.district_key,
        detail.district_name,
        node.node_number,
        node.node_code,
        input.part_number,
        input.part,
        input.operand_number,
        input.input_code
    FROM warehouse.score_detail AS detail
    INNER JOIN warehouse.scoring_node AS node ON detail.method_key = node.method_key AND node.rule IS NOT NULL
    CROSS JOIN
        LATERAL (
            SELECT
                1 AS part_number,
                CASE WHEN node.denominator = '{}' THEN 'value' ELSE 'numerator' END AS part,
                numerator.number AS operand_number,
                numerator.input_code
            FROM unnest(node.numerator) WITH ORDINALITY AS numerator (input_code, number)
            UNION ALL
            SELECT
                2 AS part_number,
                'denominator' AS part,
                denominator.number AS operand_number,
                denominator.input_code
            FROM unnest(node.denominator) WITH ORDINALITY AS denominator (input_code, number)
            UNION ALL
            SELECT
                0 AS part_number,
                'appraisal' AS part,
                1 AS operand_number,
                'criterion.' || node.node_code AS input_code
            WHERE detail.outcomes[node.node_number] = 'a'
        ) AS input
    WHERE detail.is_final
)

SELECT
    asked.period_code,
    asked.method_code,
    asked.district_code,
    asked.district_name,
    asked.node_code AS criterion_code,
    asked.part,
    asked.input_code,
    coalesce(indicator.name_vi, attribute.name_vi, external.input_code, asked.input_code) AS input_name,
    coalesce(indicator.name_en, attribute.name_en, external.input_code, asked.input_code) AS input_name_en,
    CASE
        WHEN indicator.indicator_code IS NOT NULL THEN 'report' WHEN attribute.value IS NOT NULL THEN 'catalogue' ELSE
            'external'
    END
        AS source,
    coalesce(fact.value, attribute.value, external.value) AS value,
    coalesce(
        fact.value_status, CASE WHEN attribute.value IS NULL AND external.value IS NULL THEN 'blank' ELSE 'reported' END
    )
        AS value_status,
    indicator.kind,
    indicator.unit_vi AS unit,
    indicator.unit_en,
    submission.file_name,
    submission.sha256,
    fact.location,
    fact.raw_value,
    fact.submission_id,
    fact.correction_id,
    external.entered_by,
    external.reason AS entry_reason,
    coalesce(fact.known_from, external.known_from) AS known_from,
    coalesce(submission.is_simulated, external.is_simulated, false) AS is_simulated,
    1000 * asked.node_number + 100 * asked.part_number + asked.operand_number AS sort_order
FROM asked
LEFT JOIN warehouse.dim_indicator AS indicator ON asked.input_code = indicator.indicator_code
LEFT JOIN warehouse.fact_observation AS fact
    ON
        indicator.indicator_key = fact.indicator_key
        AND asked.period_key = fact.period_key
        AND asked.district_key = fact.district_key
        AND fact.known_to = 'infinity'
LEFT JOIN raw.submission AS submission ON fact.submission_id = submission.submission_id
LEFT JOIN LATERAL (
    SELECT
        district.commune_count::numeric AS value,
        'Số đơn vị hành chính cấp xã' AS name_vi,
        'Communes of the district' AS name_en
    FROM warehouse.dim_district AS district
    WHERE district.district_key = asked.district_key AND asked.input_code = 'district.commune_count'
) AS attribute ON true
LEFT JOIN LATERAL (
    SELECT score.*
    FROM warehouse.external_score AS score
    LEFT JOIN
        warehouse.scoring_stage AS stage
        ON score.stage_code = stage.stage_code AND asked.method_key = stage.method_key
    WHERE
        score.period_code = asked.period_code
        AND score.district_code = asked.district_code
        AND score.input_code = asked.input_code
        AND score.known_to = 'infinity' AND (score.stage_code = '' OR stage.stage_number IS NOT NULL)
    ORDER BY stage.stage_number DESC NULLS LAST
    LIMIT 1
) AS external ON true
WHERE
    (SELECT reader.sees_all FROM warehouse.reader AS reader)
    OR asked.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
    OR asked.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released);
