-- Where the answers of an appendix stand is the same cell by cell wherever the same form was filled in, and was half of
-- what staging wrote: it is kept once, by its hash, as what the rows print beside the answers is.

CREATE TABLE staging.placement (
    placement_sha256 text PRIMARY KEY CHECK (placement_sha256 ~ '^[0-9a-f]{64}$'),
    locations text[] NOT NULL
);
COMMENT ON TABLE staging.placement IS 'The cells in which the answers of appendices stand, in document order; each list once, by its hash, and never changed.';

INSERT INTO staging.placement (placement_sha256, locations)
SELECT DISTINCT
    encode(sha256(convert_to(to_jsonb(a.locations)::text, 'UTF8')), 'hex'),
    a.locations
FROM staging.appendix AS a;

ALTER TABLE staging.appendix ADD COLUMN placement_sha256 text REFERENCES staging.placement;
UPDATE staging.appendix AS a SET placement_sha256 = p.placement_sha256
FROM staging.placement AS p
WHERE a.locations = p.locations;
ALTER TABLE staging.appendix
ALTER COLUMN placement_sha256 SET NOT NULL,
DROP COLUMN locations,
ADD CHECK (
    cardinality(reported_values) = cardinality(statuses)
    AND cardinality(raw_values) = cardinality(statuses)
    AND cardinality(notes) = cardinality(statuses)
    AND coalesce(cardinality(decisions), cardinality(statuses)) = cardinality(statuses)
    AND coalesce(cardinality(boxes), cardinality(statuses)) = cardinality(statuses)
    AND coalesce(cardinality(confidences), cardinality(statuses)) = cardinality(statuses)
);
