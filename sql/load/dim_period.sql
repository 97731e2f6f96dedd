-- The periods for which reports are expected. Writes only what differs.

MERGE INTO warehouse.dim_period AS known
USING pg_temp.incoming AS new
    ON known.period_code = new.period_code
WHEN MATCHED AND (
    known.year, known.term, known.period_start, known.period_end, known.is_cumulative, known.name_vi,
    known.name_en, known.due_at, known.deadline_source
) IS DISTINCT FROM (
    new.year, new.term, new.period_start, new.period_end, new.is_cumulative, new.name_vi, new.name_en, new.due_at,
    new.deadline_source
) THEN
    UPDATE SET
        year = new.year,
        term = new.term,
        period_start = new.period_start,
        period_end = new.period_end,
        is_cumulative = new.is_cumulative,
        name_vi = new.name_vi,
        name_en = new.name_en,
        due_at = new.due_at,
        deadline_source = new.deadline_source
WHEN NOT MATCHED THEN
    INSERT (
        period_code, year, term, period_start, period_end, is_cumulative, name_vi, name_en, due_at,
        deadline_source
    )
    VALUES (
        new.period_code, new.year, new.term, new.period_start, new.period_end, new.is_cumulative, new.name_vi,
        new.name_en, new.due_at, new.deadline_source
    );
