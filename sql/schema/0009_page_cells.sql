-- What PDFs, scans and legacy Word files add to a value's lineage: the cell's box on the page, how surely a scan was
-- recognised, and the converted file in which a legacy document's cells are addressed.

ALTER TABLE staging.observation
ADD COLUMN box text NOT NULL DEFAULT '',
ADD COLUMN confidence real CHECK (confidence BETWEEN 0 AND 1);
COMMENT ON COLUMN staging.observation.box IS 'PDF alone: left, top, right and bottom of the cell in points from the top left of the page.';
COMMENT ON COLUMN staging.observation.confidence IS 'Scans alone: how surely the text was recognised, 0 to 1.';

ALTER TABLE raw.submission
ADD COLUMN converted_sha256 text REFERENCES raw.file;
COMMENT ON COLUMN raw.submission.converted_sha256 IS 'The docx made of a legacy doc, kept in the file store: the locations are those of its cells.';
