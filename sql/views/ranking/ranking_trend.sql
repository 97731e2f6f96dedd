-- How each district's score and rank moved: against the latest earlier period that can be compared, and against the same
-- period of the year before. Compared are only scores by one method, of the same unit, on forms that ask all that the
-- method reads without a break in the series; ranks only where the same units were to be ranked. Else the reason.

CREATE VIEW mart.ranking_trend WITH (security_barrier) AS
WITH scored AS NOT MATERIALIZED (
    SELECT
        s.period_key,
        s.period_code,
        s.method_key,
        s.method_code,
        s.district_key,
        s.district_code,
        s.district_name,
        s.form_key,
        s.score,
        s.rank,
        s.is_simulated
    FROM warehouse.score_district AS s
    WHERE s.is_final
),

unit AS (
    SELECT
        e.period_key,
        array_agg(e.district_key ORDER BY e.district_key) AS district_keys
    FROM warehouse.expected_report AS e
    GROUP BY e.period_key
),

pair AS (
    SELECT
        p.period_key,
        c.period_key AS compared_key,
        c.period_code AS compared_code,
        p.period_end,
        c.period_end AS compared_end,
        c.year = p.year - 1 AND c.term = p.term AS is_year_before,
        coalesce(v.district_keys, '{}') AS compared_units,
        u.district_keys = v.district_keys AS has_same_units
    FROM warehouse.dim_period AS p
    INNER JOIN warehouse.dim_period AS c ON p.period_end > c.period_end
    LEFT JOIN unit AS u ON p.period_key = u.period_key
    LEFT JOIN unit AS v ON c.period_key = v.period_key
),

-- What a method reads that a form does not ask, and when what it reads was broken off.
unasked AS (
    SELECT DISTINCT
        o.method_key,
        f.form_key
    FROM warehouse.scoring_operand AS o
    INNER JOIN warehouse.dim_indicator AS i ON o.input_code = i.indicator_code
    CROSS JOIN warehouse.dim_form AS f
    WHERE
        NOT EXISTS (
            SELECT FROM warehouse.form_row AS r
            WHERE r.form_key = f.form_key AND r.indicator_code = o.input_code AND r.is_asked
        )
),

broken AS (
    SELECT DISTINCT
        o.method_key,
        b.broken_on
    FROM warehouse.scoring_operand AS o
    INNER JOIN warehouse.series_break AS b ON o.input_code = b.indicator_code
),

judged AS NOT MATERIALIZED (
    SELECT
        s.*,
        r.compared_code,
        r.compared_end,
        r.is_year_before,
        r.has_same_units,
        t.score AS compared_score,
        t.rank AS compared_rank,
        t.is_simulated AS was_simulated,
        CASE
            WHEN s.score IS NULL THEN 'no_score'
            WHEN NOT s.district_key = any(r.compared_units) THEN 'units'
            WHEN t.district_key IS NULL THEN 'method'
            WHEN t.score IS NULL THEN 'no_score_then'
            WHEN
                s.form_key <> t.form_key
                AND EXISTS (
                    SELECT FROM unasked AS a
                    WHERE a.method_key = s.method_key AND a.form_key IN (s.form_key, t.form_key)
                ) THEN 'form'
            WHEN
                EXISTS (
                    SELECT FROM broken AS b
                    WHERE
                        b.method_key = s.method_key AND b.broken_on > r.compared_end
                        AND b.broken_on <= r.period_end
                ) THEN 'form'
            ELSE ''
        END AS obstacle
    FROM scored AS s
    INNER JOIN pair AS r ON s.period_key = r.period_key
    LEFT JOIN scored AS t
        ON r.compared_key = t.period_key AND s.method_key = t.method_key AND s.district_key = t.district_key
),

nearest AS (
    SELECT DISTINCT ON (j.period_code, j.method_code, j.district_code)
        j.*,
        'previous' AS comparison
    FROM judged AS j
    ORDER BY
        j.period_code ASC, j.method_code ASC, j.district_code ASC, j.obstacle = '' DESC, j.compared_end DESC
),

compared AS (
    SELECT n.* FROM nearest AS n
    UNION ALL
    SELECT
        j.*,
        'year_before' AS comparison
    FROM judged AS j
    WHERE j.is_year_before
)

SELECT
    s.period_code,
    s.method_code,
    s.district_code,
    s.district_name,
    k.comparison,
    c.compared_code AS compared_period_code,
    s.score,
    s.rank,
    c.compared_score,
    c.compared_rank,
    CASE WHEN c.obstacle = '' THEN s.score - c.compared_score END AS score_change,
    CASE WHEN c.obstacle = '' AND c.has_same_units THEN c.compared_rank - s.rank END AS rank_change,
    coalesce(c.obstacle = '', false) AS is_comparable,
    w.reason,
    w.reason_en,
    s.is_simulated OR coalesce(c.was_simulated, false) AS is_simulated
FROM scored AS s
CROSS JOIN (VALUES ('previous'), ('year_before')) AS k (comparison)
LEFT JOIN compared AS c
    ON
        s.period_code = c.period_code AND s.method_code = c.method_code AND s.district_code = c.district_code
        AND k.comparison = c.comparison
INNER JOIN (
    VALUES
    ('', '', ''),
    ('no_period', 'Danh mục không có kỳ để so sánh', 'The catalogue has no period to compare with'),
    ('no_score', 'Kỳ này chưa có điểm', 'There is no score in this period'),
    ('no_score_then', 'Kỳ được so sánh không có điểm', 'There was no score in the period to compare with'),
    (
        'units',
        'Khác đơn vị hành chính: đơn vị này chưa có ở kỳ được so sánh',
        'Another unit: it was not there in the period to compare with'
    ),
    ('method', 'Kỳ được so sánh chấm theo bộ tiêu chí khác', 'The period to compare with is scored by another method'),
    (
        'form',
        'Biểu mẫu thay đổi: có chỉ tiêu của bộ tiêu chí không còn so sánh được',
        'The form changed: something that the method reads can no longer be compared'
    ),
    (
        'other_units',
        'Chỉ so sánh điểm: danh sách đơn vị được xếp hạng đã thay đổi',
        'Scores alone: other units were to be ranked'
    ),
    ('not_ranked', 'Chỉ so sánh điểm: một trong hai kỳ không xếp hạng', 'Scores alone: one of the two has no rank')
) AS w (obstacle, reason, reason_en)
    ON w.obstacle = CASE
        WHEN c.obstacle IS NULL THEN 'no_period'
        WHEN c.obstacle <> '' THEN c.obstacle
        WHEN NOT c.has_same_units THEN 'other_units'
        WHEN s.rank IS NULL OR c.compared_rank IS NULL THEN 'not_ranked'
        ELSE ''
    END
WHERE
    (SELECT reader.sees_all FROM warehouse.reader AS reader)
    OR s.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
    OR (
        s.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released)
        -- else a released period would show the scores of one that is not
        AND coalesce(c.compared_code, s.period_code) IN (
            SELECT released.period_code FROM warehouse.released_period AS released
        )
    );
