-- The ranking that a release signed.

SELECT
    w.rank,
    w.district_code,
    w.district_name,
    w.score,
    w.band,
    w.is_tied,
    w.coverage,
    w.rank_q05,
    w.rank_q50,
    w.rank_q95,
    w.tied_with,
    w.reason,
    w.is_simulated
FROM mart.ranking_release_row AS w
WHERE w.release_id = %(release_id)s
ORDER BY w.rank ASC NULLS LAST, w.sort_name ASC, w.district_code ASC;
