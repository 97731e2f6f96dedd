-- An external score that is taken back or replaced says by whom and why.

ALTER TABLE warehouse.external_score
ADD COLUMN ended_by text NOT NULL DEFAULT '',
ADD COLUMN end_reason text NOT NULL DEFAULT '';
