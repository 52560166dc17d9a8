#!/bin/sh
# Run once by the PostgreSQL image: the clinic's role owns its database and nothing else, and every connection is encrypted.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$(cat /run/secrets/database)" <<'SQL'
CREATE ROLE clinic LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE clinic OWNER clinic;
REVOKE ALL ON DATABASE clinic FROM PUBLIC;
SQL
