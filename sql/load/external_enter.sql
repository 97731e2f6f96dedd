-- Enters an external score, unless it is known already.

INSERT INTO warehouse.external_score (
    period_code, district_code, input_code, stage_code, known_from, value, is_simulated, entered_by, reason
)
SELECT
    %(period_code)s,
    %(district_code)s,
    %(input_code)s,
    %(stage_code)s,
    %(known_at)s,
    %(value)s::numeric,
    %(is_simulated)s::boolean,
    %(actor)s,
    %(reason)s
WHERE
    NOT EXISTS (
        SELECT FROM warehouse.external_score AS score
        WHERE
            score.period_code = %(period_code)s AND score.district_code = %(district_code)s
            AND score.input_code = %(input_code)s AND score.stage_code = %(stage_code)s AND score.known_to = 'infinity'
    )
RETURNING value;
