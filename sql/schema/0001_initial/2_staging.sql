-- Parsed values and validation findings by submission.

CREATE SCHEMA staging;
COMMENT ON SCHEMA staging IS 'Parsed values and validation findings of each submission.';

-- A report is staged as one row of arrays. What thousands of reports have in common (the printed rows, and the cells
-- that hold the answers) is stored once by hash (docs/adr/0011-staging.md). staging.observation unnests them.

CREATE TABLE staging.layout (
    layout_sha256 text PRIMARY KEY CHECK (layout_sha256 ~ '^[0-9a-f]{64}$'),
    reform_area_codes text[] NOT NULL,
    items text[] NOT NULL,
    indicator_codes text[] NOT NULL,
    labels text[] NOT NULL,
    units text[] NOT NULL,
    CHECK (
        cardinality(reform_area_codes) = cardinality(labels)
        AND cardinality(items) = cardinality(labels)
        AND cardinality(indicator_codes) = cardinality(labels)
        AND cardinality(units) = cardinality(labels)
    )
);
COMMENT ON TABLE staging.layout IS 'The rows of an appendix as printed, without the answers, in document order.';
COMMENT ON COLUMN staging.layout.indicator_codes IS 'The matched indicator of each row; empty if the form has no such row or the row repeats an indicator.';

CREATE TABLE staging.placement (
    placement_sha256 text PRIMARY KEY CHECK (placement_sha256 ~ '^[0-9a-f]{64}$'),
    locations text[] NOT NULL
);
COMMENT ON TABLE staging.placement IS 'The cells that hold the answers of an appendix, in document order.';

CREATE TABLE staging.appendix (
    submission_id bigint PRIMARY KEY REFERENCES raw.submission,
    layout_sha256 text NOT NULL REFERENCES staging.layout,
    placement_sha256 text NOT NULL REFERENCES staging.placement,
    reported_values numeric[] NOT NULL,
    statuses text[] NOT NULL CHECK (
        statuses <@ ARRAY['reported', 'blank', 'not_applicable', 'not_done', 'heading', 'undecidable']
    ),
    raw_values text[] NOT NULL,
    notes text[] NOT NULL,
    decisions text[],
    boxes text[],
    confidences real[] CHECK (0 <= all(confidences) AND 1 >= all(confidences)),
    CHECK (
        cardinality(reported_values) = cardinality(statuses)
        AND cardinality(raw_values) = cardinality(statuses)
        AND cardinality(notes) = cardinality(statuses)
        AND coalesce(cardinality(decisions), cardinality(statuses)) = cardinality(statuses)
        AND coalesce(cardinality(boxes), cardinality(statuses)) = cardinality(statuses)
        AND coalesce(cardinality(confidences), cardinality(statuses)) = cardinality(statuses)
    ),
    CHECK (
        cardinality(array_remove(reported_values, NULL)) = cardinality(array_positions(statuses, 'reported'))
    )
);
COMMENT ON TABLE staging.appendix IS 'The parsed answers of a submission: one array per column, all in document order.';
COMMENT ON COLUMN staging.appendix.reported_values IS 'NULL unless the status is reported.';
COMMENT ON COLUMN staging.appendix.decisions IS 'How each cell was interpreted, and on what evidence (docs/reading.md); NULL if no cell was ambiguous.';
COMMENT ON COLUMN staging.appendix.boxes IS 'PDF only: left, top, right and bottom of each cell in points from the top left of the page.';
COMMENT ON COLUMN staging.appendix.confidences IS 'Scans only: confidence of text recognition per cell, 0 to 1.';

CREATE TABLE staging.narrative_figure (
    submission_id bigint NOT NULL REFERENCES raw.submission,
    figure_number integer NOT NULL,
    indicator_code text NOT NULL,
    value numeric NOT NULL,
    raw_value text NOT NULL,
    location text NOT NULL,
    PRIMARY KEY (submission_id, figure_number)
);
COMMENT ON TABLE staging.narrative_figure IS 'Indicator values quoted in the prose of the report; the prose itself is not stored.';

-- Validation -----------------------------------------------------------------------------------------------------------

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
COMMENT ON TABLE staging.reader_finding IS 'Findings of the parser, kept apart from those of validation so that a submission can be validated again.';

CREATE TABLE staging.finding (
    submission_id bigint NOT NULL REFERENCES raw.submission,
    finding_number integer NOT NULL,
    rule_code text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('critical', 'warning', 'info')),
    indicator_code text NOT NULL,
    location text NOT NULL,
    found text NOT NULL,
    expected text NOT NULL,
    difference text NOT NULL,
    message_vi text NOT NULL,
    message_en text NOT NULL,
    PRIMARY KEY (submission_id, finding_number)
);
COMMENT ON TABLE staging.finding IS 'Validation findings of every submission, including rejected ones.';

CREATE TABLE staging.check_count (
    submission_id bigint NOT NULL REFERENCES raw.submission,
    rule_code text NOT NULL,
    checked integer NOT NULL CHECK (checked > 0),
    failed integer NOT NULL CHECK (failed BETWEEN 0 AND checked),
    PRIMARY KEY (submission_id, rule_code)
);
COMMENT ON TABLE staging.check_count IS 'How often each rule was checked and how often it failed; empty cells are not checked.';

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
COMMENT ON TABLE staging.waiver IS 'Rules suspended until the end of a day, for one district or indicator or, where empty, for all.';

CREATE TABLE staging.waiver_use (
    waiver_id bigint NOT NULL REFERENCES staging.waiver,
    submission_id bigint NOT NULL REFERENCES raw.submission,
    PRIMARY KEY (waiver_id, submission_id)
);
COMMENT ON TABLE staging.waiver_use IS 'Submissions in which a waiver suppressed a finding.';
