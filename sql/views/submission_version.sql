-- The versions of each district's report on a period: every submission that is accepted, or superseded by a newer one.

CREATE VIEW warehouse.submission_version AS
SELECT
    submission.submission_id,
    period.period_key,
    district.district_key,
    form.form_key,
    submission.is_accepted,
    submission.is_simulated,
    submission.is_partial,
    submission.facts_sha256,
    submission.effective_signed_on,
    submission.effective_received_at,
    submission.counts_as_signed_on IS NOT NULL AS is_override
FROM raw.submission
INNER JOIN warehouse.dim_period AS period ON submission.period_code = period.period_code
INNER JOIN warehouse.dim_district AS district
    ON
        submission.district_code = district.district_code
        AND period.period_end BETWEEN district.valid_from AND district.valid_to
INNER JOIN warehouse.dim_form AS form ON submission.form_code = form.form_code
WHERE submission.is_accepted OR submission.status = 'superseded';
