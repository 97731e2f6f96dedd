-- Each unit of the signed rankings, as it was signed; later corrections change nothing here.

CREATE VIEW mart.ranking_release_row WITH (security_barrier) AS
SELECT
    r.release_id,
    r.period_code,
    r.method_code,
    w.district_code,
    w.district_name,
    w.score,
    w.rank,
    w.band,
    w.is_tied,
    w.coverage,
    w.rank_q05,
    w.rank_q50,
    w.rank_q95,
    CASE
        WHEN
            (SELECT a.sees_all FROM warehouse.reader AS a)
            OR r.period_code IN (SELECT p.period_code FROM warehouse.released_period AS p)
            THEN array_to_string(w.tied_with, ', ')
    END AS tied_with,
    CASE
        WHEN w.rank IS NOT NULL THEN ''
        WHEN w.score IS NOT NULL THEN 'Phần có căn cứ dưới mức tối thiểu để xếp hạng'
        WHEN w.has_report THEN 'Không có tiêu chí nào áp dụng'
        ELSE 'Không có báo cáo được chấp nhận'
    END AS reason,
    w.band_en,
    w.district_name_en,
    w.is_simulated,
    w.sort_name
FROM warehouse.ranking_release_row AS w
INNER JOIN warehouse.ranking_release AS r ON w.release_id = r.release_id
WHERE
    (SELECT a.sees_all FROM warehouse.reader AS a)
    OR w.district_code IN (SELECT o.district_code FROM warehouse.own_district AS o)
    OR r.period_code IN (SELECT p.period_code FROM warehouse.released_period AS p);
