-- Where the value of an indicator that is known now stands: file, hash, cell, text.

SELECT
    n.submission_id,
    n.district_code,
    n.period_code,
    n.indicator_code,
    n.value,
    n.value_status,
    n.file_name,
    n.sha256,
    n.location,
    n.raw_value,
    n.decision,
    n.box,
    n.confidence,
    n.converted_sha256,
    n.reader,
    n.known_from,
    n.is_simulated,
    n.correction_id,
    n.corrected_by,
    n.correction_reason
FROM mart.lineage AS n
WHERE
    n.district_code = %(district_code)s
    AND n.period_code = %(period_code)s
    AND n.indicator_code = %(indicator_code)s
    AND n.is_current;
