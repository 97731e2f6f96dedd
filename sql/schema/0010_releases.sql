-- How sure a rank is, and rankings that somebody signed.

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
COMMENT ON TABLE warehouse.robustness_run IS 'The ranking drawn many times over the assumptions behind it: with what seed and how many draws, of which scores.';
COMMENT ON COLUMN warehouse.robustness_run.scored_at IS 'computed_at of the scores that it stands on; with any other scores it is stale and not shown.';
COMMENT ON COLUMN warehouse.robustness_run.weight_spread IS 'Each weight was drawn evenly from 1 - this to 1 + this times what the method says.';
COMMENT ON COLUMN warehouse.robustness_run.separation IS 'Two districts are told apart where one stands before the other in this share of the draws.';

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
COMMENT ON COLUMN warehouse.robustness_assumption.options IS 'The alternatives to the method that change a score; none: the assumption did not vary.';
COMMENT ON COLUMN warehouse.robustness_assumption.mean_shift IS 'Mean absolute shift of a district''s rank when this assumption alone varies.';

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
COMMENT ON COLUMN warehouse.robustness_rank.rank_draws IS 'In how many draws it had the rank that stands in the same place of rank_values.';
COMMENT ON COLUMN warehouse.robustness_rank.tied_with IS 'Codes of the districts that it cannot be told apart from.';

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
COMMENT ON TABLE warehouse.ranking_release IS 'A ranking that somebody signed, with the hash of all that it stands on; never changed, never removed.';
COMMENT ON COLUMN warehouse.ranking_release.known_at IS 'The moment whose facts it was computed from: computed from them again it comes to the same hash.';
COMMENT ON COLUMN warehouse.ranking_release.method_sha256 IS 'Which version of the method (warehouse.scoring_version).';
COMMENT ON COLUMN warehouse.ranking_release.content_sha256 IS 'What the signature is bound to: the hash of all parts.';
COMMENT ON COLUMN warehouse.ranking_release.engine_sha256 IS 'Hash of the SQL that scores.';

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
COMMENT ON TABLE warehouse.ranking_release_row IS 'Each unit of a signed ranking as it was then: its name and commune count too, which the catalogue may change.';
