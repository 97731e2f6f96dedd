-- What one round takes: each submission against the current version of its district and period. It was loaded before,
-- and changes nothing whatever its form asks for by now; it says the same, by the hash of its facts; or it is loaded,
-- or it is older, or nobody can tell which is newer. known_at is later than anything known before, and than the lock of
-- the period was got: what somebody froze meanwhile stays as it was. They stand in the order of the facts' key, so that
-- facts are written in it.

INSERT INTO pg_temp.candidate (
    submission_id, district_key, period_key, form_key, is_simulated, current_id, is_first, verdict, known_at
)
SELECT
    s.submission_id,
    d.district_key,
    p.period_key,
    f.form_key,
    s.is_simulated,
    old.submission_id AS current_id,
    past.last_accepted_at IS NULL AS is_first,
    seen.verdict,
    -- Not for one that says the same: a nation's facts would be read for nothing.
    CASE
        WHEN seen.verdict = 'load'
            THEN greatest(
                statement_timestamp(),
                past.last_accepted_at + interval '1 microsecond',
                (
                    SELECT max(o.known_from) + interval '1 microsecond'
                    FROM warehouse.fact_observation AS o
                    WHERE o.period_key = p.period_key AND o.district_key = d.district_key
                )
            )
        ELSE statement_timestamp()
    END AS known_at
FROM raw.submission AS s
INNER JOIN warehouse.dim_period AS p ON s.period_code = p.period_code
INNER JOIN warehouse.dim_district AS d
    ON s.district_code = d.district_code AND p.period_end BETWEEN d.valid_from AND d.valid_to
INNER JOIN warehouse.dim_form AS f ON s.form_code = f.form_code
CROSS JOIN
    LATERAL (
        SELECT
            max(a.accepted_at) AS last_accepted_at,
            bool_or(a.submission_id = s.submission_id) AS has_it
        FROM warehouse.fact_submission AS a
        WHERE a.period_key = p.period_key AND a.district_key = d.district_key
    ) AS past
LEFT JOIN LATERAL (
    SELECT
        r.submission_id,
        r.received_at,
        r.facts_sha256,
        r.is_simulated,
        r.form_code,
        coalesce(r.signed_on, r.received_at::date) AS written_on
    FROM warehouse.fact_submission AS fs
    INNER JOIN raw.submission AS r ON fs.submission_id = r.submission_id
    WHERE
        fs.period_key = p.period_key
        AND fs.district_key = d.district_key
        AND fs.submission_id <> s.submission_id
        AND r.status IN ('accepted', 'accepted_with_warnings')
    ORDER BY written_on DESC, r.received_at DESC
    LIMIT 1
) AS old ON true
CROSS JOIN
    LATERAL (
        SELECT
            CASE
                WHEN past.has_it THEN 'loaded'
                WHEN old.submission_id IS NULL THEN 'load'
                WHEN (s.facts_sha256, s.is_simulated, s.form_code) = (old.facts_sha256, old.is_simulated, old.form_code)
                    THEN 'same'
                WHEN (coalesce(s.signed_on, s.received_at::date), s.received_at) > (old.written_on, old.received_at)
                    THEN 'load'
                WHEN (coalesce(s.signed_on, s.received_at::date), s.received_at) = (old.written_on, old.received_at)
                    THEN 'tie'
                ELSE 'older'
            END AS verdict
    ) AS seen
WHERE s.submission_id = any(%(submission_ids)s) AND s.status IN ('accepted', 'accepted_with_warnings')
ORDER BY p.period_key, d.district_key;
