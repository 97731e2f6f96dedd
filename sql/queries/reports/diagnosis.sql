-- A period by one method: what is diagnosed, and over how many districts.

SELECT
    p.period_code,
    p.period_name,
    p.period_name_en,
    m.method_code,
    m.method_name,
    m.method_name_en,
    m.method_note,
    m.method_note_en,
    count(*) AS expected_count,
    count(r.rank) AS ranked_count,
    count(*) FILTER (WHERE r.rank IS NOT NULL AND r.is_simulated) AS simulated_count,
    min(r.score) FILTER (WHERE r.rank IS NOT NULL) AS lowest_score,
    max(r.score) FILTER (WHERE r.rank IS NOT NULL) AS highest_score
FROM mart.district_ranking AS r
INNER JOIN mart.period AS p ON r.period_code = p.period_code
INNER JOIN mart.method AS m ON r.method_code = m.method_code
WHERE r.period_code = %(period_code)s AND r.method_code = %(method_code)s
GROUP BY
    p.period_code, p.period_name, p.period_name_en, m.method_code, m.method_name, m.method_name_en, m.method_note,
    m.method_note_en;
