-- The periods whose rows every district may see by now.

CREATE VIEW warehouse.released_period AS
SELECT r.period_code
FROM warehouse.period_release AS r
WHERE r.released_at <= now();
