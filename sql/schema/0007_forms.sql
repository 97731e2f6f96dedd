-- Which form a report fits and how well, drafts of forms, and how the reader came to each value.

ALTER TABLE raw.submission
ADD COLUMN form_fit numeric CHECK (form_fit BETWEEN 0 AND 1);
COMMENT ON COLUMN raw.submission.form_fit IS 'The share of the printed rows that the nearest form has, 0 to 1; form_code is empty where that is too little.';

ALTER TABLE warehouse.dim_form
ADD COLUMN is_draft boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN warehouse.dim_form.is_draft IS 'Nobody issued it: drawn up until the department''s own form is at hand.';

ALTER TABLE staging.observation
ADD COLUMN decision text NOT NULL DEFAULT '';
COMMENT ON COLUMN staging.observation.decision IS 'Which reading of the cell was taken and by which evidence (docs/reading.md).';
