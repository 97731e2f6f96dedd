-- Makes a submission count as signed on the latest date of any version of its district and period, and as received now.
-- A duplicate was never parsed: the first submission of the same file says when it was signed and what it is.

UPDATE raw.submission AS decided
SET
    counts_as_received_at = transaction_timestamp(),
    counts_as_signed_on = (
        SELECT max(version.effective_signed_on)
        FROM raw.submission AS same
        INNER JOIN raw.submission AS version
            ON
                same.submission_id = version.submission_id
                OR (
                    same.district_code = version.district_code
                    AND same.period_code = version.period_code
                    AND (version.is_accepted OR version.status = 'superseded')
                )
        WHERE
            same.sha256 = decided.sha256
            AND (same.submission_id = decided.submission_id OR same.facts_sha256 IS NOT NULL)
            AND (version.submission_id <> decided.submission_id OR version.facts_sha256 IS NOT NULL)
    )
WHERE decided.submission_id = %(submission_id)s;
