-- Facts that are said otherwise now, or no longer, or only by a file that no longer counts, end.

UPDATE warehouse.fact_observation AS known SET known_to = u.known_at
FROM pg_temp.settled AS u
WHERE
    known.period_key = u.period_key
    AND known.district_key = u.district_key
    AND known.known_to = 'infinity'
    AND NOT EXISTS (
        SELECT
        FROM pg_temp.said AS new
        INNER JOIN warehouse.fact_submission AS s ON known.submission_id = s.submission_id
        INNER JOIN pg_temp.version AS v ON s.submission_id = v.submission_id
        WHERE
            new.period_key = known.period_key
            AND new.district_key = known.district_key
            AND new.indicator_key = known.indicator_key
            AND (new.value, new.value_status, new.note, new.is_simulated)
            IS NOT DISTINCT FROM (known.value, known.value_status, known.note, s.is_simulated)
    );
