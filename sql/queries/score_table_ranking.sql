-- The units of one's own table, ranked; those that are not ranked last.

SELECT
    result.unit_code AS unit,
    result.score,
    result.rank,
    result.band,
    result.is_tied,
    result.coverage
FROM pg_temp.score_result AS result
ORDER BY result.rank ASC NULLS LAST, result.unit ASC;
