-- Who was expected to report, and what came of it: one row for each expected district and period, silent ones too.
-- The version in force speaks for the district; where there is none, the last file that came for it.

CREATE VIEW mart.reporting_status WITH (security_barrier) AS
WITH sent AS (
    SELECT
        s.period_code,
        s.district_code,
        coalesce(min(f.received_at), min(s.received_at)) AS received_at,
        (array_agg(
            s.submission_id
            ORDER BY c.submission_id IS NULL, s.status = 'superseded', s.received_at DESC, s.submission_id DESC
        ))[1] AS submission_id
    FROM raw.submission AS s
    LEFT JOIN warehouse.fact_submission AS f ON s.submission_id = f.submission_id
    LEFT JOIN warehouse.current_submission AS c ON s.submission_id = c.submission_id
    WHERE s.status NOT IN ('duplicate', 'withdrawn', 'misfiled')
    GROUP BY s.period_code, s.district_code
)

SELECT
    e.period_code,
    e.district_code,
    e.district_name,
    e.district_name_en,
    n.status,
    n.status_name,
    n.status_name_en,
    coalesce(s.status_reason, '') AS status_reason,
    sent.received_at,
    e.due_at,
    sent.received_at < e.due_at AS is_timely,
    -- due_at is the midnight after the last day on time: a report of the next day is one day late.
    CASE
        WHEN sent.received_at < e.due_at THEN 0
        ELSE floor(extract(EPOCH FROM sent.received_at - e.due_at) / 86400)::integer + 1
    END AS days_late,
    trim_scale(round(least(coalesce(k.coverage, 0), 1), 6)) AS coverage,
    s.submission_id,
    s.file_name,
    coalesce(s.is_simulated, false) AS is_simulated,
    coalesce(s.status IN ('accepted', 'accepted_with_warnings'), false) AS is_accepted,
    coalesce(k.is_complete, false) AS is_complete
FROM warehouse.expected_report AS e
LEFT JOIN sent ON e.period_code = sent.period_code AND e.district_code = sent.district_code
LEFT JOIN raw.submission AS s ON sent.submission_id = s.submission_id
LEFT JOIN warehouse.current_submission AS v ON e.period_key = v.period_key AND e.district_key = v.district_key
-- Complete is a report that says something of every required row; counted for those alone that are asked for.
LEFT JOIN
    LATERAL (
        SELECT
            count(o.value_status)::numeric / g.asked_count AS coverage,
            count(*) FILTER (WHERE r.is_required AND o.value_status IS NULL) = 0
            AND count(o.value_status) > 0 AS is_complete
        FROM warehouse.dim_form AS g
        INNER JOIN warehouse.form_row AS r ON g.form_key = r.form_key AND r.is_asked
        INNER JOIN warehouse.dim_indicator AS i ON r.indicator_code = i.indicator_code
        LEFT JOIN warehouse.fact_observation AS o
            ON
                e.period_key = o.period_key
                AND e.district_key = o.district_key
                AND i.indicator_key = o.indicator_key
                AND o.known_to = 'infinity'
                AND o.value_status IN ('reported', 'not_applicable', 'not_done')
        WHERE g.form_key = v.form_key
        GROUP BY g.asked_count
    ) AS k
    ON true
INNER JOIN mart.submission_status AS n ON coalesce(s.status, 'missing') = n.status
WHERE
    (SELECT r.sees_all FROM warehouse.reader AS r)
    OR e.district_code IN (SELECT w.district_code FROM warehouse.own_district AS w)
    OR e.period_code IN (SELECT w.period_code FROM warehouse.released_period AS w);
