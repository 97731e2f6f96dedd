-- Each row of an appendix as read, with the cell it stands in.

CREATE VIEW staging.observation AS
SELECT
    a.submission_id,
    o.row_number::integer AS row_number,
    o.reform_area_code,
    o.item,
    o.indicator_code,
    o.label,
    o.unit,
    o.value,
    o.value_status,
    o.raw_value,
    o.note,
    o.location,
    coalesce(o.decision, '') AS decision,
    coalesce(o.box, '') AS box,
    o.confidence
FROM staging.appendix AS a
INNER JOIN staging.layout AS l ON a.layout_sha256 = l.layout_sha256
INNER JOIN staging.placement AS p ON a.placement_sha256 = p.placement_sha256
CROSS JOIN
    LATERAL unnest(
        l.reform_area_codes, l.items, l.indicator_codes, l.labels, l.units,
        a.reported_values, a.statuses, a.raw_values, a.notes, p.locations,
        a.decisions, a.boxes, a.confidences
    ) WITH ORDINALITY AS o (
        reform_area_code, item, indicator_code, label, unit,
        value, value_status, raw_value, note, location,
        decision, box, confidence,
        row_number
    );
