-- What each criterion measured in each unit, and its points.

SELECT
    i.district_code AS unit,
    i.criterion_code AS criterion,
    i.numerator,
    i.denominator,
    i.measure,
    i.score,
    i.outcome
FROM pg_temp.indicator_score AS i
INNER JOIN pg_temp.score_district AS s ON i.district_code = s.district_code
ORDER BY s.rank ASC NULLS LAST, s.district_key ASC, i.sort_order ASC;
