-- What patients' processes may do in the database, and no more. Run once by the owner of the tables, after the first
-- start of the staff's side, and again after an upgrade; then set the role's password.
--     psql -f deploy/sql/patient.sql "$DATABASE" && psql -c '\password intake_patient' "$DATABASE"
DO $$ BEGIN CREATE ROLE intake_patient LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM intake_patient;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO intake_patient;

-- Forms that are sent: written, and found again by the name of the filling-in; never read, changed or removed.
GRANT INSERT, SELECT (id, form, reference) ON response TO intake_patient;
GRANT USAGE ON SEQUENCE response_id_seq TO intake_patient;
GRANT INSERT ON screening TO intake_patient;
GRANT INSERT, SELECT (key) ON data_key TO intake_patient;
GRANT INSERT, SELECT ON content TO intake_patient;
GRANT INSERT, SELECT, UPDATE (count) ON step TO intake_patient;
GRANT INSERT, SELECT, UPDATE (count), DELETE ON refusal TO intake_patient;

-- Drafts belong to patients.
GRANT SELECT, INSERT, UPDATE, DELETE ON draft, draft_key, draft_answer TO intake_patient;

-- Their own chain of the audit trail, and of the staff's only what it holds of contents.
GRANT SELECT, INSERT ON patient_audit TO intake_patient;
GRANT SELECT, INSERT, UPDATE ON patient_audit_head TO intake_patient;
GRANT SELECT (record, action, digest) ON audit TO intake_patient;
GRANT SELECT ON alembic_version TO intake_patient;
