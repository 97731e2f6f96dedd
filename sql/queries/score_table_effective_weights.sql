-- What each criterion weighs in the end, after what fell away, and what it brings to the score.

SELECT
    c.district_code AS unit,
    c.criterion_code AS criterion,
    c.effective_weight,
    c.score,
    c.contribution
FROM pg_temp.score_contribution AS c
INNER JOIN pg_temp.score_district AS s ON c.district_code = s.district_code
ORDER BY s.rank ASC NULLS LAST, s.district_key ASC, c.sort_order ASC NULLS LAST;
