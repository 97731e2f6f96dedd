-- Which of some accepted submissions cannot be loaded by "newer replaces older": those of a district and period where
-- a partial one stands or comes, of which a person said that it holds, or where the province corrected a value.

SELECT s.submission_id
FROM raw.submission AS s
WHERE
    s.submission_id = any(%(submission_ids)s)
    AND s.status IN ('accepted', 'accepted_with_warnings')
    AND (EXISTS (
        SELECT FROM raw.submission AS o
        WHERE
            o.period_code = s.period_code
            AND o.district_code = s.district_code
            AND o.status IN ('accepted', 'accepted_with_warnings', 'superseded')
            AND (o.is_partial OR o.counts_as_signed_on IS NOT NULL)
    ) OR EXISTS (
        SELECT FROM warehouse.correction AS c
        WHERE c.period_code = s.period_code AND c.district_code = s.district_code
    ));
