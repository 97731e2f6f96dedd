-- What may stand for a district and period: every submission that was accepted and not taken back. written_on and
-- came_at say which of two is newer; where a person said that one holds, it counts as newest at that moment.

CREATE VIEW warehouse.acceptable_submission AS
SELECT
    s.submission_id,
    p.period_key,
    d.district_key,
    f.form_key,
    s.is_simulated,
    s.is_partial,
    s.status,
    s.status_reason,
    s.facts_sha256,
    coalesce(
        s.counts_as_signed_on, s.signed_on, (s.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
    ) AS written_on,
    coalesce(s.counts_as_received_at, s.received_at) AS came_at
FROM raw.submission AS s
INNER JOIN warehouse.dim_period AS p ON s.period_code = p.period_code
INNER JOIN warehouse.dim_district AS d
    ON s.district_code = d.district_code AND p.period_end BETWEEN d.valid_from AND d.valid_to
INNER JOIN warehouse.dim_form AS f ON s.form_code = f.form_code
WHERE s.status IN ('accepted', 'accepted_with_warnings', 'superseded');
