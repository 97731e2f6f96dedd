-- Where series are broken. Writes only what differs.

MERGE INTO warehouse.series_break AS known
USING pg_temp.incoming AS new
    ON known.indicator_code = new.indicator_code AND known.broken_on = new.broken_on
WHEN MATCHED AND (
    known.reason_vi, known.reason_en, known.source
) IS DISTINCT FROM (
    new.reason_vi, new.reason_en, new.source
) THEN
    UPDATE SET
        reason_vi = new.reason_vi,
        reason_en = new.reason_en,
        source = new.source
WHEN NOT MATCHED THEN
    INSERT (
        indicator_code, broken_on, reason_vi, reason_en, source
    )
    VALUES (
        new.indicator_code, new.broken_on, new.reason_vi, new.reason_en, new.source
    );
