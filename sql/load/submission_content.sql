-- Records what a submission was parsed to.

UPDATE raw.submission
SET
    district_code = %(district_code)s,
    period_code = %(period_code)s,
    form_code = %(form_code)s,
    document_no = %(document_no)s,
    signed_on = %(signed_on)s,
    is_simulated = %(is_simulated)s,
    facts_sha256 = %(facts_sha256)s,
    reader = %(reader)s,
    document_district_code = %(document_district_code)s,
    document_period_code = %(document_period_code)s,
    window_starts_on = %(window_starts_on)s,
    window_ends_on = %(window_ends_on)s,
    is_partial = %(is_partial)s,
    form_fit = %(form_fit)s
WHERE submission_id = %(submission_id)s;
