-- What each criterion of a district was scored from, with its cell.

SELECT
    input.criterion_code,
    input.part,
    input.input_code,
    input.input_name,
    input.input_name_en,
    input.source,
    input.kind,
    input.value,
    input.value_status,
    input.unit,
    input.file_name,
    input.sha256,
    input.location,
    input.raw_value,
    input.submission_id,
    input.correction_id,
    input.entered_by,
    input.entry_reason,
    input.is_simulated
FROM mart.score_input AS input
WHERE
    input.period_code = %(period_code)s
    AND input.method_code = %(method_code)s
    AND input.district_code = %(district_code)s
ORDER BY input.sort_order;
