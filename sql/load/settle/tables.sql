-- What a settlement looks at: the districts and periods concerned, the versions that may stand there, and what these
-- say together.

CREATE TEMPORARY TABLE settled (
    period_key integer NOT NULL,
    district_key integer NOT NULL,
    known_at timestamptz NOT NULL,
    PRIMARY KEY (period_key, district_key)
) ON COMMIT DROP;

CREATE TEMPORARY TABLE version (
    submission_id bigint PRIMARY KEY,
    period_key integer NOT NULL,
    district_key integer NOT NULL,
    form_key integer NOT NULL,
    is_simulated boolean NOT NULL,
    is_partial boolean NOT NULL,
    status text NOT NULL,
    place integer NOT NULL,
    is_in_force boolean NOT NULL,
    successor_id bigint,
    known_at timestamptz NOT NULL
) ON COMMIT DROP;

CREATE TEMPORARY TABLE said (
    period_key integer NOT NULL,
    district_key integer NOT NULL,
    indicator_key integer NOT NULL,
    known_at timestamptz NOT NULL,
    submission_id bigint NOT NULL,
    is_simulated boolean NOT NULL,
    value numeric,
    value_status text NOT NULL,
    note text NOT NULL,
    raw_value text NOT NULL,
    location text NOT NULL,
    correction_id bigint,
    PRIMARY KEY (period_key, district_key, indicator_key)
) ON COMMIT DROP;
