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

CREATE TABLE warehouse.scoring_stage (
    method_key integer NOT NULL REFERENCES warehouse.scoring_method ON DELETE CASCADE,
    stage_number integer NOT NULL,
    stage_code text NOT NULL,
    PRIMARY KEY (method_key, stage_number)
);
COMMENT ON TABLE warehouse.scoring_stage IS 'The stages of a score (self, appraised, survey, final); the last one is the ranking.';

CREATE TABLE warehouse.scoring_band (
    method_key integer NOT NULL REFERENCES warehouse.scoring_method ON DELETE CASCADE,
    lower_edge numeric NOT NULL,
    is_edge_included boolean NOT NULL,
    name_vi text NOT NULL,
    name_en text NOT NULL,
    PRIMARY KEY (method_key, lower_edge, is_edge_included)
);

CREATE TABLE warehouse.scoring_node (
    method_key integer NOT NULL REFERENCES warehouse.scoring_method ON DELETE CASCADE,
    node_number integer NOT NULL,
    parent_number integer,
    depth integer NOT NULL,
    node_code text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('root', 'area', 'group', 'criterion', 'bonus', 'penalty')),
    reform_area_code text,
    weight numeric NOT NULL CHECK (weight > 0),
    aggregation text CHECK (aggregation IN ('arithmetic', 'geometric', 'sum')),
    rule text,
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
    name_vi text NOT NULL,
    name_en text NOT NULL,
    reason_vi text NOT NULL,
    reason_en text NOT NULL,
    PRIMARY KEY (method_key, node_number),
    UNIQUE (method_key, node_code)
);
COMMENT ON TABLE warehouse.scoring_node IS 'The tree of a method, parents before children; node 1 is the root. Arrays of scores are in this order.';
COMMENT ON COLUMN warehouse.scoring_node.zero_at IS 'The measure that earns no points; points are linear from here to full_at and capped at both ends.';
COMMENT ON COLUMN warehouse.scoring_node.edges IS 'Codes, or lower edges of steps, ascending; edge_points holds the points of each.';

CREATE TABLE warehouse.scoring_status (
    method_key integer NOT NULL,
    node_number integer NOT NULL,
    value_status text NOT NULL,
    counts_as text NOT NULL CHECK (counts_as IN ('zero', 'drop', 'lowest', 'full')),
    PRIMARY KEY (method_key, node_number, value_status),
    FOREIGN KEY (method_key, node_number) REFERENCES warehouse.scoring_node ON DELETE CASCADE
);
COMMENT ON TABLE warehouse.scoring_status IS 'How each criterion scores a missing value, by the status of that value.';

CREATE TABLE warehouse.scoring_operand (
    method_key integer NOT NULL,
    node_number integer NOT NULL,
    part text NOT NULL CHECK (part IN ('numerator', 'denominator')),
    operand_number integer NOT NULL,
    input_code text NOT NULL,
    PRIMARY KEY (method_key, node_number, part, operand_number),
    FOREIGN KEY (method_key, node_number) REFERENCES warehouse.scoring_node ON DELETE CASCADE
);
COMMENT ON COLUMN warehouse.scoring_operand.input_code IS 'An indicator, an attribute of the district (district.commune_count) or an external score.';

CREATE TABLE warehouse.scoring_ancestor (
    method_key integer NOT NULL,
    node_number integer NOT NULL,
    ancestor_number integer NOT NULL,
    PRIMARY KEY (method_key, node_number, ancestor_number),
    FOREIGN KEY (method_key, node_number) REFERENCES warehouse.scoring_node ON DELETE CASCADE
);
COMMENT ON TABLE warehouse.scoring_ancestor IS 'Each node within the 100 points with itself and its ancestors, without the root.';

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
    submission_id bigint,
    form_key integer,
    commune_count integer NOT NULL,
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

-- only in the warehouse: everything above is also created as temporary tables by `score --method` ----------------------

ALTER TABLE warehouse.scoring_node ADD FOREIGN KEY (reform_area_code)
REFERENCES warehouse.dim_reform_area (reform_area_code);

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
