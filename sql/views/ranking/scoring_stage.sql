-- The stages of a score (self, appraised, survey, final); the last one is the ranking.

CREATE VIEW warehouse.scoring_stage AS
SELECT
    method.method_key,
    stage.stage_number::integer AS stage_number,
    stage.stage_code
FROM warehouse.scoring_method AS method
CROSS JOIN LATERAL jsonb_array_elements_text(
    method.definition -> 'stages'
) WITH ORDINALITY AS stage (stage_code, stage_number);
