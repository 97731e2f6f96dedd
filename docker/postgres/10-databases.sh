#!/bin/sh
# Runs once, when the volume is new: two logins with a database each, so that Airflow's records and the warehouse
# can be backed up, moved and secured apart. The warehouse's login makes the roles that the schema needs.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" \
    -v airflow_password="$AIRFLOW_DB_PASSWORD" -v cchc_password="$CCHC_DB_PASSWORD" <<'SQL'
CREATE ROLE airflow LOGIN PASSWORD :'airflow_password';
CREATE DATABASE airflow OWNER airflow TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
CREATE ROLE cchc LOGIN CREATEROLE PASSWORD :'cchc_password';
CREATE DATABASE cchc OWNER cchc TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
REVOKE ALL ON DATABASE airflow, cchc FROM PUBLIC;
SQL
