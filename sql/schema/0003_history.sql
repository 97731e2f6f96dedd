-- Who says what of a submission (place, document, person), districts over time, derived periods, release to districts.

-- raw: where a file claims to belong, and what a person decided ---------------------------------------------------------

ALTER TABLE raw.submission
ADD COLUMN declared_district_code text NOT NULL DEFAULT '',
ADD COLUMN declared_period_code text NOT NULL DEFAULT '',
ADD COLUMN document_district_code text NOT NULL DEFAULT '',
ADD COLUMN document_period_code text NOT NULL DEFAULT '',
ADD COLUMN assigned_district_code text NOT NULL DEFAULT '',
ADD COLUMN assigned_period_code text NOT NULL DEFAULT '',
ADD COLUMN window_starts_on date,
ADD COLUMN window_ends_on date,
ADD COLUMN is_partial boolean NOT NULL DEFAULT false,
ADD COLUMN decided_scope text NOT NULL DEFAULT '' CHECK (decided_scope IN ('', 'whole', 'partial')),
ADD COLUMN counts_as_signed_on date,
ADD COLUMN counts_as_received_at timestamptz,
ADD COLUMN replaces bigint REFERENCES raw.submission;
UPDATE raw.submission SET
    document_district_code = coalesce(district_code, ''),
    document_period_code = coalesce(period_code, '');
COMMENT ON COLUMN raw.submission.declared_district_code IS 'The district that its folder, or the API, says it is of; empty where they say nothing.';
COMMENT ON COLUMN raw.submission.document_district_code IS 'The district that the document itself names; district_code is what was concluded.';
COMMENT ON COLUMN raw.submission.assigned_district_code IS 'The district that a person assigned it to, whatever place and document say.';
COMMENT ON COLUMN raw.submission.window_starts_on IS 'The data window that the document declares, which need not be the period''s.';
COMMENT ON COLUMN raw.submission.is_partial IS 'It changes only what it says; a whole one replaces all that its predecessor said.';
COMMENT ON COLUMN raw.submission.counts_as_signed_on IS 'Where a person said that it holds: it counts as signed then, and received at counts_as_received_at.';
COMMENT ON COLUMN raw.submission.replaces IS 'The submission whose place it took; of a partial one the submission that it changed.';

-- warehouse: districts over time ----------------------------------------------------------------------------------------

ALTER TABLE warehouse.dim_district
ADD COLUMN level text NOT NULL DEFAULT 'district' CHECK (level IN ('district', 'commune')),
ADD COLUMN unit_code text NOT NULL DEFAULT '';
UPDATE warehouse.dim_district SET unit_code = district_code;
COMMENT ON COLUMN warehouse.dim_district.unit_code IS 'The unit itself, the same over its stretches; another one where its code belonged to another unit before.';

CREATE TABLE warehouse.commune_change (
    changed_on date NOT NULL,
    district_code text NOT NULL,
    old_code text NOT NULL,
    old_name text NOT NULL,
    new_code text NOT NULL,
    new_name text NOT NULL,
    basis text NOT NULL,
    PRIMARY KEY (changed_on, district_code, old_name)
);
COMMENT ON TABLE warehouse.commune_change IS 'Which commune of which district went into which commune, and when.';

-- warehouse: periods and indicators over time ---------------------------------------------------------------------------

CREATE TABLE warehouse.derived_period (
    period_code text PRIMARY KEY,
    year integer NOT NULL,
    term text NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    is_cumulative boolean NOT NULL,
    name_vi text NOT NULL,
    name_en text NOT NULL
);
COMMENT ON TABLE warehouse.derived_period IS 'Periods whose flows follow from those of others, reported themselves or not.';

CREATE TABLE warehouse.derived_period_part (
    period_code text NOT NULL REFERENCES warehouse.derived_period,
    way integer NOT NULL,
    part_number integer NOT NULL,
    part_code text NOT NULL,
    sign integer NOT NULL CHECK (sign IN (-1, 1)),
    PRIMARY KEY (period_code, way, part_number),
    UNIQUE (period_code, way, part_code)
);
CREATE INDEX derived_period_part_by_part ON warehouse.derived_period_part (part_code);
COMMENT ON TABLE warehouse.derived_period_part IS 'The signed terms of each way to derive a period: Q2 = H1 - Q1.';

CREATE TABLE warehouse.series_break (
    indicator_code text NOT NULL REFERENCES warehouse.dim_indicator (indicator_code),
    broken_on date NOT NULL,
    reason_vi text NOT NULL,
    reason_en text NOT NULL,
    source text NOT NULL,
    PRIMARY KEY (indicator_code, broken_on)
);
COMMENT ON TABLE warehouse.series_break IS 'From when on an indicator no longer counts what it counted before.';

-- warehouse: what districts may see -------------------------------------------------------------------------------------

CREATE TABLE warehouse.period_release (
    period_code text PRIMARY KEY REFERENCES warehouse.dim_period (period_code),
    released_at timestamptz NOT NULL,
    released_by text NOT NULL,
    reason text NOT NULL,
    entered_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE warehouse.period_release IS 'From when on every district may see all rows of a period; before that only its own.';

CREATE TABLE warehouse.district_account (
    account text NOT NULL,
    district_code text NOT NULL,
    granted_by text NOT NULL,
    granted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account, district_code)
);
COMMENT ON TABLE warehouse.district_account IS 'Which login of cchc_district belongs to which district.';

CREATE TABLE warehouse.access_event (
    access_event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject text NOT NULL,
    change text NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    happened_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE warehouse.access_event IS 'Who released a period or let an account see a district''s rows, when and why; nothing is ever removed.';
