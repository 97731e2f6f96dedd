-- The submissions that one round of a load takes, at most one for each district and period.

CREATE TEMPORARY TABLE candidate (
    submission_id bigint PRIMARY KEY,
    district_key integer NOT NULL,
    period_key integer NOT NULL,
    form_key integer NOT NULL,
    is_simulated boolean NOT NULL,
    current_id bigint,
    is_first boolean NOT NULL,
    verdict text NOT NULL,
    known_at timestamptz NOT NULL,
    UNIQUE (period_key, district_key)
) ON COMMIT DROP;
