-- How each district's score and rank moved: against the latest earlier period that can be compared, and against the same
-- period of the year before. Compared are only scores by one method, of the same unit, on forms that ask all that the
-- method reads without a break in the series; ranks only where the same units were to be ranked. Else the reason.

CREATE VIEW mart.ranking_trend WITH (security_barrier) AS
WITH scored AS NOT MATERIALIZED (
    SELECT
        ranking.period_key,
        ranking.period_code,
        ranking.method_key,
        ranking.method_code,
        ranking.district_key,
        ranking.district_code,
        ranking.district_name,
        ranking.form_key,
        ranking.score,
        ranking.rank,
        ranking.is_simulated
    FROM warehouse.score_district AS ranking
    WHERE ranking.is_final
),

unit AS (
    SELECT
        expected.period_key,
        array_agg(expected.district_key ORDER BY expected.district_key) AS district_keys
    FROM warehouse.expected_report AS expected
    GROUP BY expected.period_key
),

pair AS (
    SELECT
        period.period_key,
        compared.period_key AS compared_key,
        compared.period_code AS compared_code,
        period.period_end,
        compared.period_end AS compared_end,
        compared.year = period.year - 1 AND compared.term = period.term AS is_year_before,
        coalesce(compared_unit.district_keys, '{}') AS compared_units,
        unit.district_keys = compared_unit.district_keys AS has_same_units
    FROM warehouse.dim_period AS period
    INNER JOIN warehouse.dim_period AS compared ON period.period_end > compared.period_end
    LEFT JOIN unit ON period.period_key = unit.period_key
    LEFT JOIN unit AS compared_unit ON compared.period_key = compared_unit.period_key
),

-- What a method reads that a form does not ask, and when what it reads was broken off.
unasked AS (
    SELECT DISTINCT
        operand.method_key,
        form.form_key
    FROM warehouse.scoring_operand AS operand
    INNER JOIN warehouse.dim_indicator AS indicator ON operand.input_code = indicator.indicator_code
    CROSS JOIN warehouse.dim_form AS form
    WHERE
        NOT EXISTS (
            SELECT FROM warehouse.form_row AS form_row
            WHERE
                form_row.form_key = form.form_key AND form_row.indicator_code = operand.input_code AND form_row.is_asked
        )
),

broken AS (
    SELECT DISTINCT
        operand.method_key,
        series_break.broken_on
    FROM warehouse.scoring_operand AS operand
    INNER JOIN warehouse.series_break AS series_break ON operand.input_code = series_break.indicator_code
),

assessed AS NOT MATERIALIZED (
    SELECT
        scored.*,
        pair.compared_code,
        pair.compared_end,
        pair.is_year_before,
        pair.has_same_units,
        compared.score AS compared_score,
        compared.rank AS compared_rank,
        compared.is_simulated AS was_simulated,
        CASE
            WHEN scored.score IS NULL THEN 'no_score'
            WHEN NOT scored.district_key = any(pair.compared_units) THEN 'units'
            WHEN compared.district_key IS NULL THEN 'method'
            WHEN compared.score IS NULL THEN 'no_score_then'
            WHEN
                scored.form_key <> compared.form_key
                AND EXISTS (
                    SELECT FROM unasked
                    WHERE
                        unasked.method_key = scored.method_key
                        AND unasked.form_key IN (scored.form_key, compared.form_key)
                ) THEN 'form'
            WHEN
                EXISTS (
                    SELECT FROM broken
                    WHERE
                        broken.method_key = scored.method_key AND broken.broken_on > pair.compared_end
                        AND broken.broken_on <= pair.period_end
                ) THEN 'form'
            ELSE ''
        END AS obstacle
    FROM scored
    INNER JOIN pair ON scored.period_key = pair.period_key
    LEFT JOIN scored AS compared
        ON
            pair.compared_key = compared.period_key
            AND scored.method_key = compared.method_key
            AND scored.district_key = compared.district_key
),

nearest AS (
    SELECT DISTINCT ON (assessed.period_code, assessed.method_code, assessed.district_code)
        assessed.*,
        'previous' AS comparison
    FROM assessed
    ORDER BY
        assessed.period_code ASC,
        assessed.method_code ASC,
        assessed.district_code ASC,
        assessed.obstacle = '' DESC,
        assessed.compared_end DESC
),

compared AS (
    SELECT nearest.* FROM nearest
    UNION ALL
    SELECT
        assessed.*,
        'year_before' AS comparison
    FROM assessed
    WHERE assessed.is_year_before
)

SELECT
    scored.period_code,
    scored.method_code,
    scored.district_code,
    scored.district_name,
    kind.comparison,
    compared.compared_code AS compared_period_code,
    scored.score,
    scored.rank,
    compared.compared_score,
    compared.compared_rank,
    CASE WHEN compared.obstacle = '' THEN scored.score - compared.compared_score END AS score_change,
    CASE WHEN compared.obstacle = '' AND compared.has_same_units THEN compared.compared_rank - scored.rank END
        AS rank_change,
    coalesce(compared.obstacle = '', false) AS is_comparable,
    obstacle.reason,
    obstacle.reason_en,
    scored.is_simulated OR coalesce(compared.was_simulated, false) AS is_simulated
FROM scored
CROSS JOIN (VALUES ('previous'), ('year_before')) AS kind (comparison)
LEFT JOIN compared
    ON
        scored.period_code = compared.period_code
        AND scored.method_code = compared.method_code
        AND scored.district_code = compared.district_code
        AND kind.comparison = compared.comparison
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
) AS obstacle (obstacle, reason, reason_en)
    ON obstacle.obstacle = CASE
        WHEN compared.obstacle IS NULL THEN 'no_period'
        WHEN compared.obstacle <> '' THEN compared.obstacle
        WHEN NOT compared.has_same_units THEN 'other_units'
        WHEN scored.rank IS NULL OR compared.compared_rank IS NULL THEN 'not_ranked'
        ELSE ''
    END
WHERE
    (SELECT reader.sees_all FROM warehouse.reader AS reader)
    OR scored.district_code IN (SELECT own.district_code FROM warehouse.own_district AS own)
    OR (
        scored.period_code IN (SELECT released.period_code FROM warehouse.released_period AS released)
        -- else a released period would show the scores of one that is not
        AND coalesce(compared.compared_code, scored.period_code) IN (
            SELECT released.period_code FROM warehouse.released_period AS released
        )
    );
