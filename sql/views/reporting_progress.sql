-- How far a period has come: of the reports expected, how many came, in time, accepted, complete. Each share is of those
-- expected, and one expected report counts once whatever came for it: no share is above 100.

CREATE VIEW mart.reporting_progress AS
SELECT
    v.period_code,
    v.due_at,
    v.expected_count,
    v.received_count,
    v.timely_count,
    v.late_count,
    v.accepted_count,
    v.complete_count,
    v.held_count,
    v.rejected_count,
    v.missing_count,
    round(100.0 * v.received_count / v.expected_count, 2) AS received_pct,
    round(100.0 * v.timely_count / v.expected_count, 2) AS timely_pct,
    round(100.0 * v.accepted_count / v.expected_count, 2) AS accepted_pct,
    round(100.0 * v.complete_count / v.expected_count, 2) AS complete_pct
FROM (
    SELECT
        r.period_code,
        r.due_at,
        count(*) AS expected_count,
        count(r.received_at) AS received_count,
        count(*) FILTER (WHERE r.is_timely) AS timely_count,
        count(*) FILTER (WHERE NOT r.is_timely) AS late_count,
        count(*) FILTER (WHERE r.is_accepted) AS accepted_count,
        count(*) FILTER (WHERE r.is_accepted AND r.is_complete) AS complete_count,
        count(*) FILTER (WHERE r.status = 'held') AS held_count,
        count(*) FILTER (WHERE r.status = 'rejected') AS rejected_count,
        count(*) FILTER (WHERE r.status = 'missing') AS missing_count
    FROM mart.reporting_status AS r
    GROUP BY r.period_code, r.due_at
) AS v;
