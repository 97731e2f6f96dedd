-- What judging keeps: the prose's figures, the reader's own findings, every check that was made, waivers, and
-- corrections by the province.

-- What was read --------------------------------------------------------------------------------------------------------

CREATE TABLE staging.narrative_figure (
    submission_id bigint NOT NULL REFERENCES raw.submission,
    figure_number integer NOT NULL,
    indicator_code text NOT NULL,
    value numeric NOT NULL,
    raw_value text NOT NULL,
    location text NOT NULL,
    PRIMARY KEY (submission_id, figure_number)
);
COMMENT ON TABLE staging.narrative_figure IS 'Numbers of the report''s prose that speak of an indicator; the prose itself is not kept.';

CREATE TABLE staging.reader_finding (
    submission_id bigint NOT NULL REFERENCES raw.submission,
    finding_number integer NOT NULL,
    rule_code text NOT NULL,
    indicator_code text NOT NULL,
    location text NOT NULL,
    found text NOT NULL,
    expected text NOT NULL,
    difference text NOT NULL,
    PRIMARY KEY (submission_id, finding_number)
);
COMMENT ON TABLE staging.reader_finding IS 'What the reader found while reading, apart from what judging found: a submission can be judged again.';

-- Until now both stood in one table; of a submission that is not judged yet all of them are the reader's.
INSERT INTO staging.reader_finding
SELECT
    f.submission_id,
    f.finding_number,
    f.rule_code,
    f.indicator_code,
    f.location,
    f.found,
    f.expected,
    f.difference
FROM staging.finding AS f
INNER JOIN raw.submission AS s ON f.submission_id = s.submission_id
WHERE s.status = 'parsed';

-- What was judged ------------------------------------------------------------------------------------------------------

CREATE TABLE staging.check_count (
    submission_id bigint NOT NULL REFERENCES raw.submission,
    rule_code text NOT NULL,
    checked integer NOT NULL CHECK (checked > 0),
    failed integer NOT NULL CHECK (failed BETWEEN 0 AND checked),
    PRIMARY KEY (submission_id, rule_code)
);
COMMENT ON TABLE staging.check_count IS 'How often each rule was checked in a submission and how often it failed, passes too; cells that say nothing are not checked.';

CREATE TABLE staging.waiver (
    waiver_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule_code text NOT NULL,
    district_code text NOT NULL DEFAULT '',
    indicator_code text NOT NULL DEFAULT '',
    reason text NOT NULL CHECK (reason <> ''),
    valid_until date NOT NULL,
    granted_by text NOT NULL,
    granted_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE staging.waiver IS 'Rules that a person has set aside until a day, that day included, for one district or row or, where empty, for all.';

CREATE TABLE staging.waiver_use (
    waiver_id bigint NOT NULL REFERENCES staging.waiver,
    submission_id bigint NOT NULL REFERENCES raw.submission,
    PRIMARY KEY (waiver_id, submission_id)
);
COMMENT ON TABLE staging.waiver_use IS 'In which submissions a waiver excused something.';

-- What the province corrected ------------------------------------------------------------------------------------------

CREATE TABLE warehouse.correction (
    correction_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_code text NOT NULL,
    period_code text NOT NULL,
    indicator_code text NOT NULL REFERENCES warehouse.dim_indicator (indicator_code),
    from_value numeric,
    from_status text NOT NULL,
    expected_value numeric,
    expected_status text NOT NULL,
    value numeric,
    value_status text NOT NULL CHECK (value_status IN ('reported', 'blank', 'not_applicable', 'not_done')),
    reason text NOT NULL CHECK (reason <> ''),
    corrected_by text NOT NULL,
    corrected_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((value IS NOT NULL) = (value_status = 'reported')),
    CHECK ((expected_value IS NOT NULL) = (expected_status = 'reported')),
    CHECK ((value, value_status) IS DISTINCT FROM (from_value, from_status))
);
CREATE INDEX correction_by_unit ON warehouse.correction (period_code, district_code);
COMMENT ON TABLE warehouse.correction IS 'Corrections by the province; the last one for a value of a district and period holds. Nothing is ever removed.';
COMMENT ON COLUMN warehouse.correction.from_value IS 'What was known before; an earlier correction may have said it.';
COMMENT ON COLUMN warehouse.correction.expected_value IS 'What the report says; where a later one says something else, the correction does nothing.';

ALTER TABLE warehouse.fact_observation ADD COLUMN correction_id bigint REFERENCES warehouse.correction;
COMMENT ON COLUMN warehouse.fact_observation.correction_id IS 'The correction that this version comes from; null where the report itself says so. Cell and raw text stay those of the report.';
