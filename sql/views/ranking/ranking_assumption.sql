-- The assumptions behind a ranking: which were varied, with what alternatives, and how far each alone moves ranks.

CREATE VIEW mart.ranking_assumption AS
SELECT
    p.period_code,
    m.method_code,
    a.assumption_code,
    n.name_vi AS assumption_name,
    n.name_en AS assumption_name_en,
    cardinality(a.options) > 0 AS is_varied,
    CASE WHEN cardinality(a.options) = 0 THEN n.reason_vi ELSE '' END AS not_varied_reason,
    CASE WHEN cardinality(a.options) = 0 THEN n.reason_en ELSE '' END AS not_varied_reason_en,
    array_to_string(a.options, ', ') AS options,
    a.mean_shift,
    a.greatest_shift,
    a.strongest_option,
    CASE
        WHEN cardinality(a.options) > 0
            THEN rank() OVER (PARTITION BY a.period_key, a.method_key ORDER BY a.mean_shift DESC)
    END AS influence_rank,
    r.draws,
    r.seed,
    a.sort_order
FROM warehouse.robustness_assumption AS a
INNER JOIN warehouse.robustness_run AS r ON a.period_key = r.period_key AND a.method_key = r.method_key
INNER JOIN warehouse.score_state AS t
    ON r.period_key = t.period_key AND r.method_key = t.method_key AND r.scored_at = t.computed_at
INNER JOIN warehouse.dim_period AS p ON a.period_key = p.period_key
INNER JOIN warehouse.scoring_method AS m ON a.method_key = m.method_key
INNER JOIN (
    VALUES
    (
        'weights', 'Trọng số', 'Weights',
        'Không có hai tiêu chí nào để so trọng số', 'No two criteria whose weights could be set against each other'
    ),
    (
        'normalisation', 'Cách chuẩn hóa', 'Normalisation',
        'Mọi cách chuẩn hóa cho cùng số điểm', 'Every normalisation gives the same points'
    ),
    (
        'aggregation', 'Cách gộp điểm', 'Aggregation',
        'Mọi cách gộp cho cùng số điểm', 'Every way to put points together gives the same scores'
    ),
    (
        'missing_data', 'Số liệu thiếu', 'Missing data',
        'Không thiếu số liệu nào, hoặc mọi cách tính cho cùng số điểm',
        'Nothing is missing, or every policy gives the same scores'
    ),
    (
        'area_left_out', 'Bỏ một lĩnh vực', 'One area left out',
        'Chỉ có một lĩnh vực', 'There is a single area'
    ),
    (
        'criterion_left_out', 'Bỏ một tiêu chí', 'One criterion left out',
        'Chỉ có một tiêu chí', 'There is a single criterion'
    )
) AS n (assumption_code, name_vi, name_en, reason_vi, reason_en) ON a.assumption_code = n.assumption_code;
