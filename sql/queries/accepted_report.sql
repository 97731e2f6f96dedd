-- Values of accepted reports, one row per report, for validating later ones. Only the latest periods are named, so that
-- a long history costs no more than a short one.

SELECT
    d.district_code,
    s.is_simulated,
    p.period_code,
    json_object_agg(
        i.indicator_code,
        CASE o.value_status
            WHEN 'reported' THEN trim_scale(o.value)::text
            WHEN 'blank' THEN ''
            ELSE o.value_status
        END
    ) AS said
FROM warehouse.dim_period AS p
INNER JOIN warehouse.fact_observation AS o ON p.period_key = o.period_key AND o.known_to = 'infinity'
INNER JOIN warehouse.dim_district AS d ON o.district_key = d.district_key
INNER JOIN warehouse.dim_indicator AS i ON o.indicator_key = i.indicator_key
INNER JOIN warehouse.fact_submission AS s ON o.submission_id = s.submission_id
WHERE p.period_code = any(%(period_codes)s) AND d.district_code = any(%(district_codes)s)
GROUP BY d.district_code, s.is_simulated, p.period_code;
