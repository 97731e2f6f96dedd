-- Which units, over whose facts, are ranked with each other: see warehouse.mixture_unit_source.

CREATE TEMPORARY TABLE mixture (
    slice integer NOT NULL,
    unit integer NOT NULL,
    district_code text NOT NULL,
    commune_count integer NOT NULL,
    has_report boolean NOT NULL,
    is_later boolean NOT NULL,
    PRIMARY KEY (slice, unit)
) ON COMMIT DROP;
