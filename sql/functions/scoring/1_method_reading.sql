-- Typed access to the JSON of a method. Each function raises an error that names the place of what it cannot read.

CREATE FUNCTION warehouse.method_number(content jsonb, key text, place text) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF content ? key AND NOT coalesce(content ->> key, '') ~ '^-?[0-9]{1,20}(\.[0-9]{1,20})?$' THEN
        RAISE EXCEPTION '%.% is %, not a number', place, key, content -> key USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN content ->> key;
END
$$;

CREATE FUNCTION warehouse.method_word(content jsonb, key text, place text, allowed text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF content ? key AND NOT coalesce(content ->> key, '') = any(allowed) THEN
        RAISE EXCEPTION '%.% is %, not one of %', place, key, content -> key, array_to_string(allowed, ', ')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN content ->> key;
END
$$;

-- The objects of a list; none where the key is omitted.
CREATE FUNCTION warehouse.method_entries(content jsonb, key text, place text)
RETURNS TABLE (entry_number bigint, entry_place text, entry jsonb)
LANGUAGE plpgsql IMMUTABLE ROWS 10 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF content ? key AND jsonb_typeof(content -> key) <> 'array' THEN
        RAISE EXCEPTION '%.% is not a list', place, key USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR entry, entry_number IN SELECT * FROM jsonb_array_elements(content -> key) WITH ORDINALITY LOOP
        entry_place := format('%s.%s[%s]', place, key, entry_number);
        IF jsonb_typeof(entry) <> 'object' THEN
            RAISE EXCEPTION '% is not an object', entry_place USING ERRCODE = 'invalid_parameter_value';
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;

-- One name or a list of names; none where the key is omitted.
CREATE FUNCTION warehouse.method_names(content jsonb, key text, place text)
RETURNS TABLE (name_number bigint, name text)
LANGUAGE plpgsql IMMUTABLE ROWS 3 SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF
        jsonb_typeof(content -> key) NOT IN ('string', 'array')
        OR jsonb_path_exists(content -> key, 'strict $[*] ? (@.type() != "string")', silent => true)
    THEN
        RAISE EXCEPTION '%.% is %, neither a name nor a list of names', place, key, content -> key
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN QUERY
    SELECT names.number, names.name
    FROM jsonb_array_elements_text(
        CASE jsonb_typeof(content -> key) WHEN 'string' THEN jsonb_build_array(content -> key) ELSE content -> key END
    ) WITH ORDINALITY AS names (name, number);
END
$$;
