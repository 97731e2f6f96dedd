-- What each role may do, said whole at each deploy; nobody else may do anything. Run by cchc_owner.

REVOKE ALL ON SCHEMA raw, staging, warehouse, mart, deployment
FROM PUBLIC, cchc_loader, cchc_analyst, cchc_bi, cchc_district;
REVOKE ALL ON ALL TABLES IN SCHEMA raw, staging, warehouse, mart, deployment
FROM PUBLIC, cchc_loader, cchc_analyst, cchc_bi, cchc_district;
REVOKE ALL ON ALL ROUTINES IN SCHEMA raw, staging, warehouse, mart, deployment
FROM PUBLIC, cchc_loader, cchc_analyst, cchc_bi, cchc_district;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC;

-- The loader adds; it changes a status, a dimension, the end of a fact's time, and nothing else. It drops nothing.
GRANT USAGE ON SCHEMA raw, staging, warehouse, mart TO cchc_loader;
GRANT SELECT ON ALL TABLES IN SCHEMA raw, staging, warehouse, mart TO cchc_loader;
GRANT INSERT ON raw.file, raw.sighting, raw.submission, raw.submission_event TO cchc_loader;
GRANT UPDATE (
    status, status_reason, duplicate_of, district_code, period_code, form_code, document_no, signed_on, is_simulated,
    facts_sha256, reader, document_district_code, document_period_code, assigned_district_code, assigned_period_code,
    window_starts_on, window_ends_on, is_partial, decided_scope, counts_as_signed_on, counts_as_received_at, replaces,
    form_fit
) ON raw.submission TO cchc_loader;
GRANT EXECUTE ON FUNCTION raw.set_status, raw.set_statuses TO cchc_loader;
GRANT INSERT, DELETE ON
staging.appendix, staging.finding, staging.narrative_figure, staging.reader_finding, staging.check_count,
staging.waiver_use
TO cchc_loader;
GRANT INSERT ON staging.layout, staging.placement, staging.waiver, warehouse.correction TO cchc_loader;
GRANT INSERT, UPDATE ON TABLE
warehouse.dim_reform_area, warehouse.dim_district, warehouse.dim_period, warehouse.dim_form, warehouse.dim_indicator,
warehouse.form_row, warehouse.commune_change, warehouse.derived_period, warehouse.derived_period_part,
warehouse.series_break, warehouse.period_release
TO cchc_loader;
GRANT INSERT, UPDATE, DELETE ON TABLE
warehouse.scoring_method, warehouse.scoring_node, warehouse.score_district, warehouse.score_detail,
warehouse.score_state, warehouse.score_due
TO cchc_loader;
GRANT INSERT, DELETE ON TABLE
warehouse.robustness_run, warehouse.robustness_assumption, warehouse.robustness_rank
TO cchc_loader;
GRANT INSERT ON TABLE
warehouse.scoring_version, warehouse.external_score, warehouse.ranking_release, warehouse.ranking_release_row
TO cchc_loader;
GRANT UPDATE (known_to, ended_by, end_reason) ON TABLE warehouse.external_score TO cchc_loader;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA warehouse, mart TO cchc_loader;
GRANT INSERT, DELETE ON TABLE warehouse.district_account TO cchc_loader;
GRANT INSERT ON TABLE warehouse.access_event TO cchc_loader;
-- The loader has no right on the facts: they are written only by warehouse.reconcile_facts.

-- Readers use mart only.
GRANT USAGE ON SCHEMA mart TO cchc_analyst, cchc_bi, cchc_district;
GRANT SELECT ON ALL TABLES IN SCHEMA mart TO cchc_analyst, cchc_bi;
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA mart TO cchc_analyst, cchc_bi;

-- A district reads the terms, and those views that show it its own rows alone until a period is released: a view is
-- named here only if it asks warehouse.reader and holds a security barrier (tests/warehouse/test_districts.py).
GRANT SELECT ON
mart.district, mart.district_succession, mart.district_area, mart.period, mart.indicator, mart.indicator_series,
mart.reform_area, mart.form, mart.method, mart.submission_status,
mart.observation, mart.observation_history, mart.observation_derived, mart.lineage, mart.submission,
mart.submission_event, mart.finding, mart.reporting_status, mart.rule_result, mart.correction,
mart.district_ranking, mart.ranking_robustness, mart.rank_probability, mart.ranking_release,
mart.ranking_release_row, mart.ranking_trend, mart.stage_score, mart.score_input, mart.external_score, mart.waiver,
mart.area_score, mart.indicator_score, mart.node_score, mart.score_contribution
TO cchc_district;
GRANT EXECUTE ON FUNCTION mart.observation_as_of, mart.reporting_status_as_of TO cchc_district;
GRANT EXECUTE ON FUNCTION warehouse.release_changes TO cchc_analyst, cchc_bi, cchc_district; -- mart.ranking_release asks it
GRANT EXECUTE ON FUNCTION
warehouse.score_contributions, warehouse.outcome_name, warehouse.outcome_measure
TO cchc_analyst, cchc_bi, cchc_district; -- views of mart call them
