-- The assumptions behind a ranking: which were varied, with what alternatives, and how far each alone moves ranks.

CREATE VIEW mart.ranking_assumption AS
SELECT
    period.period_code,
    method.method_code,
    assumption.assumption_code,
    name.name_vi AS assumption_name,
    name.name_en AS assumption_name_en,
    cardinality(assumption.options) > 0 AS is_varied,
    CASE WHEN cardinality(assumption.options) = 0 THEN name.reason_vi ELSE '' END AS not_varied_reason,
    CASE WHEN cardinality(assumption.options) = 0 THEN name.reason_en ELSE '' END AS not_varied_reason_en,
    array_to_string(assumption.options, ', ') AS options,
    assumption.mean_shift,
    assumption.greatest_shift,
    assumption.strongest_option,
    CASE
        WHEN cardinality(assumption.options) > 0
            THEN
                rank()
                    OVER (PARTITION BY assumption.period_key, assumption.method_key ORDER BY assumption.mean_shift DESC)
    END AS influence_rank,
    run.draws,
    run.seed,
    assumption.sort_order
FROM warehouse.robustness_assumption AS assumption
INNER JOIN
    warehouse.robustness_run AS run
    ON assumption.period_key = run.period_key AND assumption.method_key = run.method_key
INNER JOIN warehouse.score_state AS state
    ON run.period_key = state.period_key AND run.method_key = state.method_key AND run.scored_at = state.computed_at
INNER JOIN warehouse.dim_period AS period ON assumption.period_key = period.period_key
INNER JOIN warehouse.scoring_method AS method ON assumption.method_key = method.method_key
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
) AS name (assumption_code, name_vi, name_en, reason_vi, reason_en)
    ON assumption.assumption_code = name.assumption_code;
