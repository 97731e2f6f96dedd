-- One file that came, with the deadline of its period, for the reply to its sender.

SELECT
    s.submission_id,
    s.district_code,
    s.district_name,
    s.period_code,
    p.period_name,
    p.due_at,
    s.received_at,
    s.received_at < p.due_at AS is_timely,
    s.status,
    s.status_name,
    s.status_reason,
    s.duplicate_of,
    s.file_name,
    s.sha256,
    s.channel,
    s.document_no,
    s.signed_on,
    s.is_simulated
FROM mart.submission AS s
LEFT JOIN mart.period AS p ON s.period_code = p.period_code
WHERE s.submission_id = %(submission_id)s;
