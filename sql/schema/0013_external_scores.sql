-- Made-up external scores say so, like made-up reports: a ranking over them ranks nobody.

ALTER TABLE warehouse.external_score ADD COLUMN is_simulated boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN warehouse.external_score.is_simulated IS 'True for made-up scores.';
