-- The submissions whose status changes when some submissions are loaded, withdrawn or decided on: the new status, the
-- reason (a rule of expectations/rules.csv) and the other submission that it names.
--
-- The versions of a district and period are ordered by signature, then receipt. In force are the newest complete one
-- and the partial ones after it; all others are superseded. A new submission does not become a version if it repeats
-- the newest one in force, or if another one has the same place in the order.

WITH unit AS (
    SELECT
        version.period_key,
        version.district_key
    FROM warehouse.submission_version AS version
    WHERE version.submission_id = any(%(submission_ids)s)
    UNION
    SELECT
        loaded.period_key,
        loaded.district_key
    FROM warehouse.fact_submission AS loaded
    WHERE loaded.submission_id = any(%(submission_ids)s)
),

version AS (
    SELECT
        version.*,
        loaded.submission_id IS NOT NULL AS is_loaded
    FROM unit
    INNER JOIN warehouse.submission_version AS version
        ON unit.period_key = version.period_key AND unit.district_key = version.district_key
    LEFT JOIN warehouse.fact_submission AS loaded ON version.submission_id = loaded.submission_id
    WHERE
        loaded.submission_id IS NOT NULL
        OR NOT version.is_accepted
        OR version.submission_id = any(%(submission_ids)s)
),

current_version AS (
    SELECT DISTINCT ON (version.period_key, version.district_key) version.*
    FROM version
    WHERE version.is_loaded AND version.is_accepted
    ORDER BY
        version.period_key ASC,
        version.district_key ASC,
        version.effective_signed_on DESC,
        version.effective_received_at DESC,
        version.is_partial DESC,
        version.submission_id DESC
),

unplaced AS (
    SELECT
        version.submission_id,
        repeated.submission_id AS repeated_id,
        min(tied.submission_id) AS tied_id
    FROM version
    LEFT JOIN current_version AS repeated
        ON
            version.period_key = repeated.period_key
            AND version.district_key = repeated.district_key
            AND version.form_key = repeated.form_key
            AND version.facts_sha256 = repeated.facts_sha256
            AND version.is_simulated = repeated.is_simulated
            AND version.is_partial = repeated.is_partial
            AND NOT version.is_override
    LEFT JOIN version AS tied
        ON
            version.period_key = tied.period_key
            AND version.district_key = tied.district_key
            AND version.effective_signed_on = tied.effective_signed_on
            AND version.effective_received_at = tied.effective_received_at
            AND version.is_partial = tied.is_partial
            AND tied.is_loaded
    WHERE
        version.is_accepted
        AND NOT version.is_loaded
        AND num_nonnulls(repeated.submission_id, tied.submission_id) > 0
    GROUP BY version.submission_id, repeated.submission_id
),

placed AS (
    SELECT version.*
    FROM version
    LEFT JOIN unplaced ON version.submission_id = unplaced.submission_id
    WHERE unplaced.submission_id IS NULL
),

complete AS (
    SELECT DISTINCT ON (placed.period_key, placed.district_key) placed.*
    FROM placed
    WHERE NOT placed.is_partial
    ORDER BY
        placed.period_key ASC,
        placed.district_key ASC,
        placed.effective_signed_on DESC,
        placed.effective_received_at DESC,
        placed.submission_id DESC
),

ordered AS (
    SELECT
        placed.submission_id,
        placed.is_accepted,
        placed.is_loaded,
        complete.submission_id AS complete_id,
        complete.submission_id IS NULL
        OR (placed.effective_signed_on, placed.effective_received_at, placed.is_partial, placed.submission_id)
        >= (complete.effective_signed_on, complete.effective_received_at, false, complete.submission_id) AS is_in_force
    FROM placed
    LEFT JOIN complete
        ON placed.period_key = complete.period_key AND placed.district_key = complete.district_key
)

SELECT
    unplaced.submission_id,
    CASE WHEN unplaced.repeated_id IS NULL THEN 'held' ELSE 'duplicate' END AS status,
    CASE WHEN unplaced.repeated_id IS NULL THEN 'order_unknown' ELSE 'duplicate_facts' END AS rule_code,
    coalesce(unplaced.repeated_id, unplaced.tied_id) AS other_id
FROM unplaced
UNION ALL
SELECT
    ordered.submission_id,
    'superseded' AS status,
    CASE WHEN ordered.is_loaded THEN 'replaced_by_newer' ELSE 'older_than_current' END AS rule_code,
    ordered.complete_id AS other_id
FROM ordered
WHERE ordered.is_accepted AND NOT ordered.is_in_force
UNION ALL
SELECT
    ordered.submission_id,
    coalesce(
        (
            SELECT event.status
            FROM raw.submission_event AS event
            WHERE
                event.submission_id = ordered.submission_id
                AND event.status IN ('accepted', 'accepted_with_warnings')
            ORDER BY event.submission_event_id DESC
            LIMIT 1
        ),
        'accepted'
    ) AS status,
    'in_force_again' AS rule_code,
    NULL AS other_id
FROM ordered
WHERE ordered.is_in_force AND NOT ordered.is_accepted;
