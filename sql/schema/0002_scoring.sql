-- Scoring methods as data: what counts, how much, and what each kind of absence counts as (docs/methods.md).

CREATE TABLE warehouse.scoring_method (
    method_key integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    method_code text NOT NULL UNIQUE,
    name_vi text NOT NULL,
    name_en text NOT NULL,
    note_vi text NOT NULL,
    note_en text NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL DEFAULT 'infinity',
    is_default boolean NOT NULL,
    content_sha256 text NOT NULL,
    CHECK (valid_from <= valid_to)
);
COMMENT ON COLUMN warehouse.scoring_method.content_sha256 IS 'Hash of all that the method says; a method is written again only when it differs.';

CREATE TABLE warehouse.scoring_status (
    method_key integer NOT NULL REFERENCES warehouse.scoring_method ON DELETE CASCADE,
    value_status text NOT NULL CHECK (value_status IN ('blank', 'not_applicable', 'not_done', 'undecidable')),
    counts_as text NOT NULL CHECK (counts_as IN ('zero', 'drop')),
    PRIMARY KEY (method_key, value_status)
);
COMMENT ON TABLE warehouse.scoring_status IS 'What a value that is not there counts as: nothing scored (and shown as missing), or the criterion falls away.';

CREATE TABLE warehouse.scoring_band (
    method_key integer NOT NULL REFERENCES warehouse.scoring_method ON DELETE CASCADE,
    lower_edge numeric NOT NULL,
    name_vi text NOT NULL,
    name_en text NOT NULL,
    PRIMARY KEY (method_key, lower_edge)
);
COMMENT ON COLUMN warehouse.scoring_band.lower_edge IS 'The lowest score of the band, which belongs to it.';

CREATE TABLE warehouse.scoring_area (
    method_key integer NOT NULL REFERENCES warehouse.scoring_method ON DELETE CASCADE,
    reform_area_code text NOT NULL REFERENCES warehouse.dim_reform_area (reform_area_code),
    weight numeric NOT NULL CHECK (weight > 0),
    PRIMARY KEY (method_key, reform_area_code)
);

CREATE TABLE warehouse.scoring_criterion (
    method_key integer NOT NULL,
    criterion_code text NOT NULL,
    reform_area_code text NOT NULL,
    sort_order integer NOT NULL,
    weight numeric NOT NULL CHECK (weight > 0),
    rule text NOT NULL CHECK (rule IN ('linear', 'capped', 'goalposts', 'code_list')),
    zero_at numeric,
    full_at numeric,
    empty_denominator text NOT NULL CHECK (empty_denominator IN ('', 'drop', 'full', 'zero')),
    name_vi text NOT NULL,
    name_en text NOT NULL,
    reason_vi text NOT NULL,
    reason_en text NOT NULL,
    PRIMARY KEY (method_key, criterion_code),
    FOREIGN KEY (method_key, reform_area_code) REFERENCES warehouse.scoring_area ON DELETE CASCADE,
    CHECK ((rule = 'code_list') = (zero_at IS NULL) AND (rule = 'code_list') = (full_at IS NULL)),
    CHECK (zero_at <> full_at)
);
COMMENT ON COLUMN warehouse.scoring_criterion.zero_at IS 'The measure that earns nothing; the score runs in a straight line from here to full_at and no further.';
COMMENT ON COLUMN warehouse.scoring_criterion.full_at IS 'The measure that earns all 100 points; below zero_at where less is better.';

CREATE TABLE warehouse.scoring_operand (
    method_key integer NOT NULL,
    criterion_code text NOT NULL,
    part text NOT NULL CHECK (part IN ('numerator', 'denominator')),
    operand_number integer NOT NULL,
    indicator_code text REFERENCES warehouse.dim_indicator (indicator_code),
    reference_figure text CHECK (reference_figure IN ('commune_count')),
    PRIMARY KEY (method_key, criterion_code, part, operand_number),
    FOREIGN KEY (method_key, criterion_code) REFERENCES warehouse.scoring_criterion ON DELETE CASCADE,
    CHECK (num_nonnulls(indicator_code, reference_figure) = 1)
);
COMMENT ON TABLE warehouse.scoring_operand IS 'The indicators, or figures of the district itself, whose sums a criterion divides.';

CREATE TABLE warehouse.scoring_code (
    method_key integer NOT NULL,
    criterion_code text NOT NULL,
    code numeric NOT NULL,
    points numeric NOT NULL CHECK (points BETWEEN 0 AND 100),
    PRIMARY KEY (method_key, criterion_code, code),
    FOREIGN KEY (method_key, criterion_code) REFERENCES warehouse.scoring_criterion ON DELETE CASCADE
);
