-- Each criterion's score with the sums it comes from; NULL where the criterion is dropped.

CREATE VIEW mart.indicator_score WITH (security_barrier) AS
SELECT
    detail.period_code,
    detail.method_code,
    detail.district_code,
    detail.district_name,
    node.reform_area_code,
    node.node_code AS criterion_code,
    node.name_vi AS criterion_name,
    node.name_en AS criterion_name_en,
    node.weight,
    detail.numerators[node.node_number] AS numerator,
    detail.denominators[node.node_number] AS denominator,
    warehouse.outcome_measure(
        detail.outcomes[node.node_number], detail.numerators[node.node_number], detail.denominators[node.node_number]
    ) AS measure,
    detail.scores[node.node_number] AS score,
    warehouse.outcome_name(detail.outcomes[node.node_number]) AS outcome,
    detail.outcomes[node.node_number] IN ('m', 'w', 'c') AS is_missing,
    node.node_number AS sort_order,
    detail.submission_id,
    node.kind
FROM warehouse.score_detail AS detail
INNER JOIN warehouse.scoring_node AS node ON detail.method_key = node.method_key AND node.rule IS NOT NULL
WHERE
    detail.is_final
    AND (
        (SELECT reader.sees_all FROM warehouse.reader AS reader)
        OR detail.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
        OR detail.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released)
    );
