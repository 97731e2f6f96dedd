-- How robust a rank is, and signed rankings.

CREATE TABLE warehouse.robustness_run (
    period_key integer NOT NULL REFERENCES warehouse.dim_period,
    method_key integer NOT NULL REFERENCES warehouse.scoring_method ON DELETE CASCADE,
    scored_at timestamptz NOT NULL,
    draws integer NOT NULL CHECK (draws > 0),
    seed bigint NOT NULL,
    weight_spread numeric NOT NULL,
    separation numeric NOT NULL,
    computed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (period_key, method_key)
);
COMMENT ON TABLE warehouse.robustness_run IS 'Monte Carlo simulations of a ranking under varied assumptions, with their parameters.';
COMMENT ON COLUMN warehouse.robustness_run.scored_at IS 'score_state.computed_at of the simulated scores; results for any other scores are stale and not shown.';
COMMENT ON COLUMN warehouse.robustness_run.weight_spread IS 'Each weight was drawn uniformly from 1 - weight_spread to 1 + weight_spread times its value in the method.';
COMMENT ON COLUMN warehouse.robustness_run.separation IS 'Two districts are distinguishable if one ranks above the other in at least this share of the draws.';

CREATE TABLE warehouse.robustness_assumption (
    period_key integer NOT NULL,
    method_key integer NOT NULL,
    assumption_code text NOT NULL,
    sort_order integer NOT NULL,
    options text[] NOT NULL,
    mean_shift numeric NOT NULL,
    greatest_shift integer NOT NULL,
    strongest_option text NOT NULL,
    PRIMARY KEY (period_key, method_key, assumption_code),
    FOREIGN KEY (period_key, method_key) REFERENCES warehouse.robustness_run ON DELETE CASCADE
);
COMMENT ON COLUMN warehouse.robustness_assumption.options IS 'The alternatives that change a score; empty if the assumption did not vary.';
COMMENT ON COLUMN warehouse.robustness_assumption.mean_shift IS 'Mean absolute change of rank if only this assumption varies.';

CREATE TABLE warehouse.robustness_rank (
    period_key integer NOT NULL,
    method_key integer NOT NULL,
    district_code text NOT NULL,
    rank_q05 integer NOT NULL,
    rank_q50 integer NOT NULL,
    rank_q95 integer NOT NULL,
    rank_values integer[] NOT NULL,
    rank_draws integer[] NOT NULL,
    tied_with text[] NOT NULL,
    PRIMARY KEY (period_key, method_key, district_code),
    FOREIGN KEY (period_key, method_key) REFERENCES warehouse.robustness_run ON DELETE CASCADE
);
COMMENT ON COLUMN warehouse.robustness_rank.rank_draws IS 'The number of draws for each rank in rank_values.';
COMMENT ON COLUMN warehouse.robustness_rank.tied_with IS 'Codes of the districts that it cannot be distinguished from.';

CREATE TABLE warehouse.ranking_release (
    release_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    period_code text NOT NULL REFERENCES warehouse.dim_period (period_code),
    method_code text NOT NULL,
    method_sha256 text NOT NULL,
    known_at timestamptz NOT NULL,
    units_sha256 text NOT NULL,
    data_sha256 text NOT NULL,
    ranking_sha256 text NOT NULL,
    intervals_sha256 text NOT NULL,
    content_sha256 text NOT NULL,
    draws integer NOT NULL,
    seed bigint NOT NULL,
    code_version text NOT NULL,
    engine_sha256 text NOT NULL,
    signed_by text NOT NULL CHECK (signed_by <> ''),
    signed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason text NOT NULL
);
COMMENT ON TABLE warehouse.ranking_release IS 'Signed rankings with the hashes of everything they were computed from; never changed or removed.';
COMMENT ON COLUMN warehouse.ranking_release.known_at IS 'The facts known at this time were ranked; ranking them again gives the same hash.';
COMMENT ON COLUMN warehouse.ranking_release.method_sha256 IS 'The version of the method (warehouse.scoring_version).';
COMMENT ON COLUMN warehouse.ranking_release.content_sha256 IS 'Hash of all parts: what the signature covers.';
COMMENT ON COLUMN warehouse.ranking_release.engine_sha256 IS 'Hash of the SQL that computes scores.';

CREATE TABLE warehouse.ranking_release_row (
    release_id integer NOT NULL REFERENCES warehouse.ranking_release,
    district_key integer NOT NULL REFERENCES warehouse.dim_district,
    district_code text NOT NULL,
    district_name text NOT NULL,
    district_name_en text NOT NULL,
    sort_name text NOT NULL,
    commune_count integer NOT NULL,
    has_report boolean NOT NULL,
    is_simulated boolean NOT NULL,
    score numeric,
    rank bigint,
    band text,
    band_en text,
    is_tied boolean NOT NULL,
    coverage numeric NOT NULL,
    rank_q05 integer,
    rank_q50 integer,
    rank_q95 integer,
    tied_with text[] NOT NULL,
    PRIMARY KEY (release_id, district_key)
);
COMMENT ON TABLE warehouse.ranking_release_row IS 'The units of a signed ranking as of its signature, with their names and commune counts at that time.';
