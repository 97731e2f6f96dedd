-- Rankings of stated units over stated facts, in the stead of what is known now: pg_temp.mixture says, for each slice,
-- which units there are, how many communes each has, and whether its facts are those of the earlier or the later moment.

CREATE FUNCTION warehouse.mixture_unit_source() RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $function$
SELECT 'SELECT m.slice, m.unit, m.has_report FROM pg_temp.mixture AS m'
$function$;

CREATE FUNCTION warehouse.mixture_value_source(period_key integer, earlier timestamptz, later timestamptz) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $function$
SELECT format($source$
    SELECT m.slice, m.unit, v.indicator, v.value, v.status
    FROM (%1$s) AS v INNER JOIN pg_temp.mixture AS m ON v.unit = m.unit AND NOT m.is_later
    WHERE v.indicator <> 'district.commune_count'
    UNION ALL
    SELECT m.slice, m.unit, v.indicator, v.value, v.status
    FROM (%2$s) AS v INNER JOIN pg_temp.mixture AS m ON v.unit = m.unit AND m.is_later
    WHERE v.indicator <> 'district.commune_count'
    UNION ALL
    SELECT m.slice, m.unit, 'district.commune_count', m.commune_count, 'reported'
    FROM pg_temp.mixture AS m WHERE 'district.commune_count' = any($2)$source$,
    warehouse.value_source(mixture_value_source.period_key, mixture_value_source.earlier),
    warehouse.value_source(mixture_value_source.period_key, mixture_value_source.later)
)
$function$;
