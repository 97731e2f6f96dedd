-- The units of somebody's own table, ranked; those that are not ranked last.

SELECT
    s.district_code AS unit,
    s.score,
    s.rank,
    s.band,
    s.is_tied,
    s.coverage
FROM pg_temp.score_district AS s
ORDER BY s.rank ASC NULLS LAST, s.district_key ASC;
