-- Closes the external score that is known now, unless it says the same (value null: it is taken back).

UPDATE warehouse.external_score SET known_to = %(known_at)s, ended_by = %(actor)s, end_reason = %(reason)s
WHERE
    period_code = %(period_code)s AND district_code = %(district_code)s AND input_code = %(input_code)s
    AND stage_code = %(stage_code)s AND known_to = 'infinity'
    AND (value, is_simulated) IS DISTINCT FROM (%(value)s::numeric, %(is_simulated)s::boolean)
RETURNING value;
