-- Facts that the new version says otherwise, or no longer says, end at the moment of its acceptance. OFFSET 0 keeps to
-- one look into an index for each submission: planned as one join it may read all that was ever staged or known.

WITH known AS MATERIALIZED (
    SELECT
        c.submission_id AS new_id,
        c.is_simulated AS is_simulated_now,
        c.known_at,
        o.*
    FROM pg_temp.candidate AS c
    CROSS JOIN
        LATERAL (
            SELECT
                f.period_key,
                f.district_key,
                f.indicator_key,
                f.submission_id,
                f.value,
                f.value_status,
                f.note
            FROM warehouse.fact_observation AS f
            WHERE f.period_key = c.period_key AND f.district_key = c.district_key AND f.known_to = 'infinity'
            OFFSET 0 -- noqa: AM09
        ) AS o
    WHERE c.verdict = 'load' AND NOT c.is_first
),

new AS MATERIALIZED (
    SELECT o.*
    FROM pg_temp.candidate AS c
    CROSS JOIN
        LATERAL (
            SELECT
                t.submission_id,
                t.indicator_code,
                t.value,
                t.value_status,
                t.note
            FROM staging.observation AS t
            WHERE t.submission_id = c.submission_id
            OFFSET 0 -- noqa: AM09
        ) AS o
    WHERE c.verdict = 'load' AND NOT c.is_first
)

UPDATE warehouse.fact_observation AS ended SET known_to = known.known_at
FROM known
INNER JOIN warehouse.fact_submission AS s ON known.submission_id = s.submission_id
INNER JOIN warehouse.dim_indicator AS i ON known.indicator_key = i.indicator_key
LEFT JOIN new ON known.new_id = new.submission_id AND i.indicator_code = new.indicator_code
WHERE
    ended.period_key = known.period_key
    AND ended.district_key = known.district_key
    AND ended.indicator_key = known.indicator_key
    AND ended.known_to = 'infinity'
    AND (
        new.submission_id IS NULL
        OR (new.value, new.value_status, new.note, known.is_simulated_now)
        IS DISTINCT FROM (known.value, known.value_status, known.note, s.is_simulated)
    );
