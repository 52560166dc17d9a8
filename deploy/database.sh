#!/bin/sh
# Run once by the PostgreSQL image: the clinic's role owns its database and nothing else, patients and staff have a role
# each, and every connection is encrypted. What the two may do: sql/, once the tables are there.
set -eu
psql -v ON_ERROR_STOP=1 -v owner="$(cat /run/secrets/owner)" -v staff="$(cat /run/secrets/staff)" \
  -v patient="$(cat /run/secrets/patient)" <<'SQL'
CREATE ROLE clinic LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner';
CREATE ROLE intake_staff LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'staff';
CREATE ROLE intake_patient LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'patient';
CREATE DATABASE clinic OWNER clinic;
REVOKE ALL ON DATABASE clinic FROM PUBLIC;
GRANT CONNECT ON DATABASE clinic TO intake_staff, intake_patient;
SQL
