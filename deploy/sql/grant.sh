#!/bin/sh
# In the database's container, once the tables are there and after each upgrade: what each role may do.
set -eu
for side in staff patient; do psql -q -v ON_ERROR_STOP=1 -U postgres -d clinic -f "/roles/$side.sql"; done
