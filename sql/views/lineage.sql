-- From each value that was ever known to the file, its hash and the cell that says it.

CREATE VIEW mart.lineage WITH (security_barrier) AS
SELECT
    o.submission_id,
    d.district_code,
    p.period_code,
    i.indicator_code,
    s.file_name,
    s.sha256,
    o.location,
    o.raw_value,
    s.reader,
    coalesce(a.decisions[array_position(l.indicator_codes, i.indicator_code)], '') AS decision,
    o.value,
    o.value_status,
    s.is_simulated,
    o.known_from,
    o.known_to = 'infinity' AS is_current,
    coalesce(a.boxes[array_position(l.indicator_codes, i.indicator_code)], '') AS box,
    a.confidences[array_position(l.indicator_codes, i.indicator_code)] AS confidence,
    s.converted_sha256,
    o.correction_id,
    c.reason AS correction_reason,
    c.corrected_by
FROM warehouse.fact_observation AS o
INNER JOIN raw.submission AS s ON o.submission_id = s.submission_id
INNER JOIN warehouse.dim_district AS d ON o.district_key = d.district_key
INNER JOIN warehouse.dim_period AS p ON o.period_key = p.period_key
INNER JOIN warehouse.dim_indicator AS i ON o.indicator_key = i.indicator_key
LEFT JOIN staging.appendix AS a ON o.submission_id = a.submission_id
LEFT JOIN staging.layout AS l ON a.layout_sha256 = l.layout_sha256
LEFT JOIN warehouse.correction AS c ON o.correction_id = c.correction_id
WHERE
    (SELECT r.sees_all FROM warehouse.reader AS r)
    OR d.district_code IN (SELECT w.district_code FROM warehouse.own_district AS w)
    OR p.period_code IN (SELECT w.period_code FROM warehouse.released_period AS w);
