-- The signed terms of each way to derive a period. Writes only what differs.

MERGE INTO warehouse.derived_period_part AS known
USING pg_temp.incoming AS new
    ON known.period_code = new.period_code AND known.way = new.way AND known.part_number = new.part_number
WHEN MATCHED AND (
    known.part_code, known.sign
) IS DISTINCT FROM (
    new.part_code, new.sign
) THEN
    UPDATE SET
        part_code = new.part_code,
        sign = new.sign
WHEN NOT MATCHED THEN
    INSERT (
        period_code, way, part_number, part_code, sign
    )
    VALUES (
        new.period_code, new.way, new.part_number, new.part_code, new.sign
    );
