-- Who had reported by a moment, and what had come of it by then: by the status that each submission had then.

CREATE FUNCTION mart.reporting_status_as_of(known_at timestamptz)
RETURNS TABLE (
    period_code text,
    district_code text,
    district_name text,
    status text,
    received_at timestamptz,
    due_at timestamptz,
    is_timely boolean,
    submission_id bigint
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH stood AS (
        SELECT DISTINCT ON (e.submission_id)
            e.submission_id,
            e.district_code,
            e.period_code,
            e.status
        FROM mart.submission_event AS e
        WHERE e.happened_at <= known_at -- noqa: RF03
        ORDER BY e.submission_id ASC, e.event_number DESC
    ),

    sent AS (
        SELECT DISTINCT ON (t.period_code, t.district_code)
            t.period_code,
            t.district_code,
            t.status,
            t.submission_id,
            min(s.received_at) OVER (PARTITION BY t.period_code, t.district_code) AS received_at
        FROM stood AS t
        INNER JOIN mart.submission AS s ON t.submission_id = s.submission_id
        WHERE t.status NOT IN ('duplicate', 'withdrawn', 'misfiled')
        ORDER BY
            t.period_code ASC, t.district_code ASC, t.status LIKE 'accepted%' DESC, t.status = 'superseded' ASC,
            s.is_partial ASC, s.received_at DESC, t.submission_id DESC
    )

    SELECT
        r.period_code,
        r.district_code,
        r.district_name,
        coalesce(n.status, 'missing') AS status,
        n.received_at,
        r.due_at,
        n.received_at < r.due_at AS is_timely,
        n.submission_id
    FROM mart.reporting_status AS r
    LEFT JOIN sent AS n ON r.period_code = n.period_code AND r.district_code = n.district_code;
END;
COMMENT ON FUNCTION mart.reporting_status_as_of IS
'Tình hình báo cáo tại một thời điểm | Who had reported by a moment, and what had come of it by then';
