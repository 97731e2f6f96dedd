-- Each unit of the signed rankings, as it was signed; later corrections change nothing here.

CREATE VIEW mart.ranking_release_row WITH (security_barrier) AS
SELECT
    release.release_id,
    release.period_code,
    release.method_code,
    unit.district_code,
    unit.district_name,
    unit.score,
    unit.rank,
    unit.band,
    unit.is_tied,
    unit.coverage,
    unit.rank_q05,
    unit.rank_q50,
    unit.rank_q95,
    CASE
        WHEN
            (SELECT reader.sees_all FROM warehouse.reader AS reader)
            OR release.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released)
            THEN array_to_string(unit.tied_with, ', ')
    END AS tied_with,
    CASE
        WHEN unit.rank IS NOT NULL THEN ''
        WHEN unit.score IS NOT NULL THEN 'Phần có căn cứ dưới mức tối thiểu để xếp hạng'
        WHEN unit.has_report THEN 'Không có tiêu chí nào áp dụng'
        ELSE 'Không có báo cáo được chấp nhận'
    END AS reason,
    unit.band_en,
    unit.district_name_en,
    unit.is_simulated,
    unit.sort_name
FROM warehouse.ranking_release_row AS unit
INNER JOIN warehouse.ranking_release AS release ON unit.release_id = release.release_id
WHERE
    (SELECT reader.sees_all FROM warehouse.reader AS reader)
    OR unit.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
    OR release.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released);
