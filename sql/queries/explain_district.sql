-- A district's place in the ranking of a period, and the nearest place above it.

SELECT
    o.period_code,
    o.method_code,
    o.district_code,
    o.district_name,
    o.district_name_en,
    o.score,
    o.rank,
    o.band,
    o.band_en,
    o.is_tied,
    o.coverage,
    o.reason,
    o.report_status,
    o.is_simulated,
    m.method_name,
    m.method_name_en,
    n.ranked_count,
    n.expected_count,
    a.next_rank,
    a.next_district_code,
    a.next_district_name,
    a.next_score,
    a.next_score - o.score AS gap
FROM mart.district_ranking AS o
INNER JOIN mart.method AS m ON o.method_code = m.method_code
CROSS JOIN (
    SELECT
        count(r.rank) AS ranked_count,
        count(*) AS expected_count
    FROM mart.district_ranking AS r
    WHERE r.period_code = %(period_code)s AND r.method_code = %(method_code)s
) AS n
LEFT JOIN LATERAL (
    SELECT
        r.rank AS next_rank,
        r.district_code AS next_district_code,
        r.district_name AS next_district_name,
        r.score AS next_score
    FROM mart.district_ranking AS r
    WHERE r.period_code = o.period_code AND r.method_code = o.method_code AND r.rank < o.rank
    ORDER BY r.rank DESC, r.sort_name ASC, r.district_code ASC
    LIMIT 1
) AS a ON true
WHERE
    o.period_code = %(period_code)s AND o.method_code = %(method_code)s AND o.district_code = %(district_code)s;
