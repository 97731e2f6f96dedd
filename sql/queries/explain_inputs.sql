-- What each criterion of a district was scored from, with its cell.

SELECT
    s.criterion_code,
    s.part,
    s.input_code,
    s.input_name,
    s.input_name_en,
    s.source,
    s.kind,
    s.value,
    s.value_status,
    s.unit,
    s.file_name,
    s.sha256,
    s.location,
    s.raw_value,
    s.submission_id,
    s.correction_id,
    s.entered_by,
    s.entry_reason,
    s.is_simulated
FROM mart.score_input AS s
WHERE
    s.period_code = %(period_code)s AND s.method_code = %(method_code)s AND s.district_code = %(district_code)s
ORDER BY s.sort_order;
