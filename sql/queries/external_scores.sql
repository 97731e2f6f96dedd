-- The external scores of a period that hold now, or at a moment.

SELECT
    x.district_code,
    x.district_name,
    x.input_code,
    x.stage_code AS stage,
    x.value,
    x.is_simulated,
    x.entered_by,
    x.entry_reason AS reason,
    x.known_from
FROM mart.external_score AS x
WHERE
    x.period_code = %(period_code)s
    AND CASE
        WHEN %(known_at)s::timestamptz IS NULL THEN x.is_current
        ELSE x.known_from <= %(known_at)s::timestamptz AND coalesce(x.known_to, 'infinity') > %(known_at)s::timestamptz
    END
ORDER BY x.district_code, x.input_code, x.stage_code;
