-- Scoring methods as trees of any depth, and the scores computed with them.

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
    definition jsonb NOT NULL,
    CHECK (valid_from <= valid_to)
);
COMMENT ON COLUMN warehouse.scoring_method.content_sha256 IS 'Hash of the definition; a method is written again only if it changed.';
COMMENT ON COLUMN warehouse.scoring_method.definition IS 'The complete method; the tables below are derived from it (warehouse.method_node).';

CREATE TABLE warehouse.scoring_version (
    method_code text NOT NULL,
    known_from timestamptz NOT NULL DEFAULT now(),
    content_sha256 text NOT NULL,
    definition jsonb NOT NULL,
    PRIMARY KEY (method_code, known_from)
);
COMMENT ON TABLE warehouse.scoring_version IS 'Every version of each method ever loaded, for releases and rankings as of a past time.';

CREATE TABLE warehouse.scoring_node (
    method_key integer NOT NULL REFERENCES warehouse.scoring_method ON DELETE CASCADE,
    node_number integer NOT NULL,
    parent_number integer,
    ancestors integer[] NOT NULL,
    depth integer NOT NULL,
    place text NOT NULL,
    node_code text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('root', 'area', 'group', 'criterion', 'bonus', 'penalty')),
    reform_area_code text REFERENCES warehouse.dim_reform_area (reform_area_code),
    weight numeric NOT NULL CHECK (weight > 0),
    weight_scheme text NOT NULL CHECK (weight_scheme IN ('share', 'parts')),
    aggregation text CHECK (aggregation IN ('arithmetic', 'geometric', 'sum')),
    rule text,
    numerator text[] NOT NULL,
    denominator text[] NOT NULL,
    zero_at numeric,
    full_at numeric,
    lowest_points numeric NOT NULL,
    is_less_better boolean NOT NULL,
    edges numeric[],
    edge_points numeric[],
    empty_denominator text NOT NULL,
    round_unit numeric NOT NULL,
    round_digits integer,
    from_stage integer NOT NULL,
    statuses jsonb NOT NULL,
    content jsonb NOT NULL,
    name_vi text NOT NULL,
    name_en text NOT NULL,
    reason_vi text NOT NULL,
    reason_en text NOT NULL,
    PRIMARY KEY (method_key, node_number),
    UNIQUE (method_key, node_code)
);
COMMENT ON TABLE warehouse.scoring_node IS 'The tree of a method, parents before children; node 1 is the root. Arrays of scores are in this order. Its rows are what warehouse.method_node returns.';
COMMENT ON COLUMN warehouse.scoring_node.ancestors IS 'The node itself and its ancestors, without the root; empty for bonus and penalty criteria.';
COMMENT ON COLUMN warehouse.scoring_node.numerator IS 'The inputs of a criterion: of its numerator, or its value, sum or external score. An input is an indicator, an attribute of the district (district.commune_count) or an external score.';
COMMENT ON COLUMN warehouse.scoring_node.zero_at IS 'The measure that earns no points; points are linear from here to full_at and capped at both ends.';
COMMENT ON COLUMN warehouse.scoring_node.edges IS 'Codes, or lower edges of steps, ascending; edge_points holds the points of each.';
COMMENT ON COLUMN warehouse.scoring_node.statuses IS 'What each kind of absence counts as: zero, drop, lowest or full.';

-- Rows that the scoring engine takes, passes between its steps and returns (sql/functions/scoring) -----------------------

CREATE TYPE warehouse.scored_unit AS (slice integer, unit integer, has_report boolean);
COMMENT ON TYPE warehouse.scored_unit IS 'A unit to rank. Units of one slice are compared with each other: those of a period, or of one scenario of several.';

CREATE TYPE warehouse.unit_value AS (slice integer, unit integer, input_code text, value numeric, value_status text);
COMMENT ON TYPE warehouse.unit_value IS 'One input of one unit; value is NULL unless value_status is reported.';

CREATE TYPE warehouse.node_score AS (
    slice integer,
    unit integer,
    node_number integer,
    score numeric,
    coverage numeric,
    outcome "char", -- noqa: RF06
    numerator numeric,
    denominator numeric
);
COMMENT ON COLUMN warehouse.node_score.outcome IS 'Of a criterion: s scored, a appraised, e empty denominator, m missing, w missing and the lowest of all, n not applicable, d dropped, c code without points, r no report, l later stage.';

CREATE TYPE warehouse.unit_score AS (
    slice integer,
    unit integer,
    base_score numeric,
    score numeric,
    coverage numeric,
    is_ranked boolean,
    rank bigint,
    is_tied boolean,
    band text,
    band_en text,
    scores numeric [],
    coverages numeric [],
    outcomes "char" [], -- noqa: RF06
    numerators numeric [],
    denominators numeric []
);
COMMENT ON TYPE warehouse.unit_score IS 'The rank of a unit with the scores of all nodes, as arrays in the order of node_number.';

-- Scores ---------------------------------------------------------------------------------------------------------------

CREATE TABLE warehouse.score_district (
    period_code text NOT NULL,
    method_code text NOT NULL,
    stage_number integer NOT NULL,
    district_code text NOT NULL,
    district_name text NOT NULL,
    score numeric,
    rank bigint,
    band text,
    is_tied boolean NOT NULL,
    coverage numeric NOT NULL,
    reason text NOT NULL,
    band_en text,
    district_name_en text NOT NULL,
    report_status text NOT NULL,
    is_simulated boolean NOT NULL,
    sort_name text NOT NULL,
    is_final boolean NOT NULL,
    period_key integer NOT NULL,
    method_key integer NOT NULL REFERENCES warehouse.scoring_method ON DELETE CASCADE,
    district_key integer NOT NULL,
    form_key integer,
    PRIMARY KEY (period_code, method_code, stage_number, district_code)
);
COMMENT ON TABLE warehouse.score_district IS 'The rankings as last computed; the rows of a period and method are replaced together.';

CREATE TABLE warehouse.score_detail (
    period_key integer NOT NULL,
    method_key integer NOT NULL REFERENCES warehouse.scoring_method ON DELETE CASCADE,
    stage_number integer NOT NULL,
    district_key integer NOT NULL,
    period_code text NOT NULL,
    method_code text NOT NULL,
    district_code text NOT NULL,
    district_name text NOT NULL,
    is_final boolean NOT NULL,
    submission_id bigint,
    score numeric,
    scores numeric[] NOT NULL,
    coverages numeric[] NOT NULL,
    outcomes char[] NOT NULL,
    numerators numeric[] NOT NULL,
    denominators numeric[] NOT NULL,
    PRIMARY KEY (period_code, method_code, stage_number, district_code)
) WITH (toast_tuple_target = 8160);
COMMENT ON TABLE warehouse.score_detail IS 'The score of every node as arrays in the order of node_number: one row per district is written about 50 times faster than one per criterion.';

CREATE TABLE warehouse.score_state (
    period_key integer NOT NULL,
    method_key integer NOT NULL REFERENCES warehouse.scoring_method ON DELETE CASCADE,
    content_sha256 text NOT NULL,
    computed_at timestamptz NOT NULL,
    PRIMARY KEY (period_key, method_key)
);
COMMENT ON TABLE warehouse.score_state IS 'The version of each method with which each period was last scored.';

CREATE TABLE warehouse.score_due (period_code text NOT NULL, due_since timestamptz NOT NULL DEFAULT now());
COMMENT ON TABLE warehouse.score_due IS 'Queue of periods to score again; * is every period. Insert-only for loads, so that they never block each other.';

CREATE TABLE warehouse.external_score (
    period_code text NOT NULL,
    district_code text NOT NULL,
    input_code text NOT NULL,
    stage_code text NOT NULL DEFAULT '',
    known_from timestamptz NOT NULL DEFAULT now(),
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    value numeric NOT NULL,
    is_simulated boolean NOT NULL DEFAULT false,
    entered_by text NOT NULL,
    reason text NOT NULL,
    ended_by text NOT NULL DEFAULT '',
    end_reason text NOT NULL DEFAULT '',
    PRIMARY KEY (period_code, district_code, input_code, stage_code, known_from),
    CHECK (known_from < known_to)
);
COMMENT ON TABLE warehouse.external_score IS 'Scores from outside the reports: surveys and appraisals. Bitemporal like facts.';
COMMENT ON COLUMN warehouse.external_score.input_code IS 'The external score named by a criterion, or criterion.<code>: appraised points, 0 to 100, that replace the computed ones.';

CREATE FUNCTION warehouse.mark_scores_due() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'submission' THEN
        INSERT INTO warehouse.score_due (period_code) VALUES (new.period_code);
    ELSIF TG_TABLE_NAME = 'fact_submission' THEN
        INSERT INTO warehouse.score_due (period_code)
        SELECT DISTINCT p.period_code
        FROM added AS a INNER JOIN warehouse.dim_period AS p ON a.period_key = p.period_key;
    ELSIF TG_TABLE_NAME = 'external_score' THEN
        INSERT INTO warehouse.score_due (period_code) SELECT DISTINCT a.period_code FROM added AS a;
    ELSE
        INSERT INTO warehouse.score_due (period_code) VALUES ('*');
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION warehouse.mark_scores_due IS 'Queues a period in the transaction of the change itself, so that no change is missed.';

CREATE TRIGGER submission_moves_scores AFTER UPDATE OF status, period_code ON raw.submission
FOR EACH ROW WHEN (
    new.period_code IS NOT NULL
    AND (old.status, old.status_reason, old.period_code) IS DISTINCT FROM (
        new.status, new.status_reason, new.period_code
    )
)
EXECUTE FUNCTION warehouse.mark_scores_due();
CREATE TRIGGER loading_moves_scores AFTER INSERT ON warehouse.fact_submission
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION warehouse.mark_scores_due();
CREATE TRIGGER external_score_moves_scores AFTER INSERT ON warehouse.external_score
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION warehouse.mark_scores_due();
CREATE TRIGGER external_score_closed_moves_scores AFTER UPDATE ON warehouse.external_score
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION warehouse.mark_scores_due();
CREATE TRIGGER external_score_closes_once BEFORE UPDATE ON warehouse.external_score
FOR EACH ROW WHEN (old.known_to <> 'infinity') EXECUTE FUNCTION warehouse.keep_history();
-- Row triggers: unlike a statement trigger, they do not fire for a MERGE that changes nothing.
CREATE TRIGGER districts_move_scores AFTER INSERT OR UPDATE ON warehouse.dim_district
FOR EACH ROW EXECUTE FUNCTION warehouse.mark_scores_due();
CREATE TRIGGER periods_move_scores AFTER INSERT OR UPDATE ON warehouse.dim_period
FOR EACH ROW EXECUTE FUNCTION warehouse.mark_scores_due();
