-- Each indicator through the versions of the form, in stretches: a new form goes on with the series unless the
-- catalogue says that it is broken there.

CREATE VIEW mart.indicator_series AS
WITH start AS (
    SELECT
        r.indicator_code,
        f.valid_from AS starts_on,
        NULL::text AS reason_vi,
        NULL::text AS reason_en
    FROM warehouse.form_row AS r
    INNER JOIN warehouse.dim_form AS f ON r.form_key = f.form_key
    WHERE r.is_asked
    UNION ALL
    SELECT
        b.indicator_code,
        b.broken_on AS starts_on,
        b.reason_vi,
        b.reason_en
    FROM warehouse.series_break AS b
),

stretch AS (
    SELECT
        s.indicator_code,
        s.starts_on,
        max(s.reason_vi) AS reason_vi,
        max(s.reason_en) AS reason_en,
        lead(s.starts_on) OVER indicator - 1 AS ends_before_next,
        row_number() OVER indicator = 1 AS is_first,
        1 + count(max(s.reason_vi)) OVER indicator AS series_number
    FROM start AS s
    GROUP BY s.indicator_code, s.starts_on
    WINDOW indicator AS (PARTITION BY s.indicator_code ORDER BY s.starts_on)
)

SELECT
    t.indicator_code,
    i.name_vi AS indicator_name,
    i.name_en AS indicator_name_en,
    t.starts_on AS valid_from,
    least(t.ends_before_next, g.valid_to) AS valid_to,
    g.form_code,
    t.series_number,
    CASE WHEN NOT t.is_first THEN t.reason_vi IS NULL END AS is_comparable,
    coalesce(t.reason_vi, '') AS break_reason,
    coalesce(t.reason_en, '') AS break_reason_en
FROM stretch AS t
INNER JOIN warehouse.dim_indicator AS i ON t.indicator_code = i.indicator_code
LEFT JOIN LATERAL (
    SELECT
        f.form_code,
        f.valid_to
    FROM warehouse.form_row AS r
    INNER JOIN warehouse.dim_form AS f ON r.form_key = f.form_key
    WHERE
        r.indicator_code = t.indicator_code
        AND r.is_asked
        AND t.starts_on BETWEEN f.valid_from AND coalesce(f.valid_to, 'infinity')
    ORDER BY f.valid_from DESC
    LIMIT 1
) AS g ON true;
