-- The ranking of a period by any definition, as known now (null) or at a moment; every expected district is listed.

CREATE FUNCTION warehouse.ranking_of(period_key integer, definition jsonb, known_at timestamptz)
RETURNS TABLE (
    period_code text,
    method_code text,
    district_code text,
    district_name text,
    score numeric,
    rank bigint,
    band text,
    is_tied boolean,
    coverage numeric,
    reason text,
    band_en text,
    district_name_en text,
    report_status text,
    is_simulated boolean,
    sort_name text
)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
SELECT
    e.period_code,
    coalesce(ranking_of.definition ->> 'method_code', ''),
    e.district_code,
    e.district_name,
    s.score,
    s.rank,
    s.band,
    coalesce(s.is_tied, false),
    coalesce(s.coverage, 0),
    CASE
        WHEN s.score IS NULL AND ranking_of.known_at IS NULL THEN 'Không có báo cáo được chấp nhận hoặc tiêu chí áp dụng'
        WHEN s.score IS NULL THEN 'Không có căn cứ để chấm điểm tại thời điểm này'
        WHEN NOT s.is_ranked THEN 'Phần có căn cứ dưới mức tối thiểu để xếp hạng'
        ELSE ''
    END,
    s.band_en,
    e.district_name_en,
    CASE WHEN f.submission_id IS NULL THEN 'missing' ELSE 'accepted' END,
    coalesce(f.is_simulated, false) OR e.district_code IN (
        SELECT x.district_code
        FROM warehouse.made_up_scores(ranking_of.definition, e.period_code, ranking_of.known_at) AS x
    ),
    e.sort_name
FROM warehouse.expected_report AS e
LEFT JOIN warehouse.score_units(
    ranking_of.definition,
    warehouse.unit_source(ranking_of.period_key, ranking_of.known_at),
    warehouse.value_source(ranking_of.period_key, ranking_of.known_at)
) AS s ON e.district_key = s.unit
LEFT JOIN LATERAL (
    SELECT g.submission_id, g.is_simulated
    FROM warehouse.fact_submission AS g
    WHERE
        g.period_key = e.period_key AND g.district_key = e.district_key
        AND g.accepted_at <= coalesce(ranking_of.known_at, 'infinity')
    ORDER BY g.accepted_at DESC
    LIMIT 1
) AS f ON true
WHERE e.period_key = ranking_of.period_key
$$;
