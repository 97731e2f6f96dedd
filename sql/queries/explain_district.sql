-- A district's place in the ranking of a period, and the nearest place above it.

SELECT
    own.period_code,
    own.method_code,
    own.district_code,
    own.district_name,
    own.district_name_en,
    own.score,
    own.rank,
    own.band,
    own.band_en,
    own.is_tied,
    own.coverage,
    own.reason,
    own.report_status,
    own.is_simulated,
    method.method_name,
    method.method_name_en,
    total.ranked_count,
    total.expected_count,
    above.next_rank,
    above.next_district_code,
    above.next_district_name,
    above.next_score,
    above.next_score - own.score AS gap
FROM mart.district_ranking AS own
INNER JOIN mart.method AS method ON own.method_code = method.method_code
CROSS JOIN (
    SELECT
        count(ranking.rank) AS ranked_count,
        count(*) AS expected_count
    FROM mart.district_ranking AS ranking
    WHERE ranking.period_code = %(period_code)s AND ranking.method_code = %(method_code)s
) AS total
LEFT JOIN LATERAL (
    SELECT
        ranking.rank AS next_rank,
        ranking.district_code AS next_district_code,
        ranking.district_name AS next_district_name,
        ranking.score AS next_score
    FROM mart.district_ranking AS ranking
    WHERE ranking.period_code = own.period_code AND ranking.method_code = own.method_code AND ranking.rank < own.rank
    ORDER BY ranking.rank DESC, ranking.sort_name ASC, ranking.district_code ASC
    LIMIT 1
) AS above ON true
WHERE
    own.period_code = %(period_code)s AND own.method_code = %(method_code)s AND own.district_code = %(district_code)s;
