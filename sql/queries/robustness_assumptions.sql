-- How far each assumption of a ranking moves its ranks, the strongest first.

SELECT
    a.influence_rank,
    a.assumption_code,
    a.mean_shift,
    a.greatest_shift,
    a.strongest_option,
    a.is_varied,
    a.not_varied_reason_en AS not_varied_reason,
    a.options,
    a.draws,
    a.seed
FROM mart.ranking_assumption AS a
WHERE a.period_code = %(period_code)s AND a.method_code = %(method_code)s
ORDER BY a.influence_rank ASC NULLS LAST, a.sort_order ASC;
