-- What was known at a moment: mart.observation as it stood then. It reads with the rights of who asks; its body is fixed
-- when it is made, so that no search path changes what it means.

CREATE FUNCTION mart.observation_as_of(known_at timestamptz)
RETURNS TABLE (
    district_code text,
    district_name text,
    district_name_en text,
    period_code text,
    period_start date,
    period_end date,
    reform_area_code text,
    reform_area_name text,
    reform_area_name_en text,
    indicator_code text,
    indicator_name text,
    indicator_name_en text,
    unit text,
    unit_en text,
    nature text,
    value numeric,
    value_status text,
    note text,
    is_simulated boolean,
    submission_id bigint,
    known_from timestamptz
)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT
        h.district_code,
        h.district_name,
        h.district_name_en,
        h.period_code,
        h.period_start,
        h.period_end,
        h.reform_area_code,
        h.reform_area_name,
        h.reform_area_name_en,
        h.indicator_code,
        h.indicator_name,
        h.indicator_name_en,
        h.unit,
        h.unit_en,
        h.nature,
        h.value,
        h.value_status,
        h.note,
        h.is_simulated,
        h.submission_id,
        h.known_from
    FROM mart.observation_history AS h
    WHERE h.known_from <= known_at AND known_at < coalesce(h.known_to, 'infinity'); -- noqa: RF03
END;
COMMENT ON FUNCTION mart.observation_as_of IS
'Những gì được biết tại một thời điểm | What was known at a moment: mart.observation as it stood then';
