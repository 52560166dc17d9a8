-- What the staff's processes may do in the database: everything but change or remove lines of the audit trail. Run once
-- by the owner of the tables, and again after an upgrade; then set the role's password.
--     psql -f deploy/sql/staff.sql "$DATABASE" && psql -c '\password intake_staff' "$DATABASE"
DO $$ BEGIN CREATE ROLE intake_staff LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM intake_staff;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO intake_staff;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO intake_staff;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO intake_staff;
REVOKE UPDATE, DELETE ON audit, patient_audit FROM intake_staff;
REVOKE DELETE ON audit_head, patient_audit_head FROM intake_staff;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM intake_staff;
