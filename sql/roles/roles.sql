-- The group roles; login accounts are members of these. Run at each deploy by a login that may create roles and owns
-- the database (or once by hand, by an administrator). Changes only what is not yet so.

DO $$
DECLARE
    role_name text;
    is_granted boolean;
    needed record;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['cchc_owner', 'cchc_loader', 'cchc_analyst', 'cchc_bi', 'cchc_district'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL; -- another database of the same server was a moment quicker
            END;
        END IF;
    END LOOP;

    FOR needed IN
        SELECT * FROM (VALUES
            ('cchc_owner', 'CONNECT'), ('cchc_owner', 'CREATE'), ('cchc_owner', 'TEMPORARY'),
            ('cchc_loader', 'CONNECT'), ('cchc_loader', 'TEMPORARY'),
            ('cchc_analyst', 'CONNECT'), ('cchc_bi', 'CONNECT'), ('cchc_district', 'CONNECT')
        ) AS v (role_name, privilege)
    LOOP
        SELECT count(*) > 0 INTO is_granted
        FROM pg_catalog.pg_database AS d, pg_catalog.aclexplode(d.datacl) AS a
        WHERE d.datname = current_database() AND a.grantee = needed.role_name::regrole
            AND a.privilege_type = needed.privilege;
        IF NOT is_granted THEN
            EXECUTE format('GRANT %s ON DATABASE %I TO %I', needed.privilege, current_database(), needed.role_name);
        END IF;
    END LOOP;

    IF EXISTS (
        SELECT FROM pg_catalog.pg_database AS d,
            pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) AS a
        WHERE d.datname = current_database() AND a.grantee = 0
    ) THEN
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    END IF;

    -- A setting of a group does not reach its members: each account of the BI tool carries the limit itself.
    FOR role_name IN
        SELECT r.rolname FROM pg_catalog.pg_roles AS r
        WHERE NOT coalesce(array_to_string(r.rolconfig, ' ') LIKE '%statement_timeout%', false)
            AND (r.rolname = 'cchc_bi' OR EXISTS (
                SELECT FROM pg_catalog.pg_auth_members AS m
                WHERE m.member = r.oid AND m.roleid = 'cchc_bi'::regrole
            ))
    LOOP
        BEGIN
            EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', role_name, '60s');
        EXCEPTION WHEN internal_error THEN
            NULL; -- the other database again
        END;
    END LOOP;
END
$$;
