"""The tables. Whatever says something about a person is in a sealed `box`; ids, times and counts are in clear.

Changes are migrations (see `migrations/`); this is how the newest looks. Times are ISO 8601 in UTC, dates are the clinic's.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData()

contents = Table(
    "content",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("archive", LargeBinary, nullable=False),
    Column("first_used", String(32), nullable=False),
)

data_keys = Table(
    "data_key",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("key", String(16), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("made", String(32), nullable=False),
)

responses = Table(
    "response",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("form", String(64), nullable=False, unique=True),
    Column("reference", String(16), nullable=False, unique=True),
    Column("received", String(32), nullable=False),
    Column("authored", String(10), nullable=False),
    Column("status", String(24), nullable=False),
    Column("content", String(64), ForeignKey("content.hash"), nullable=False),
    Column("box", LargeBinary, nullable=False),
)

screenings = Table(
    "screening",
    metadata,
    Column("response", Integer, ForeignKey("response.id"), primary_key=True),
    Column("content", String(64), ForeignKey("content.hash"), primary_key=True),
    Column("box", LargeBinary, nullable=False),
)

drafts = Table(
    "draft",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("content", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("touched", String(32), nullable=False),
    Column("expires", String(32), nullable=False),
)

draft_keys = Table(
    "draft_key",
    metadata,
    Column("lookup", String(64), primary_key=True),
    Column("draft", String(32), ForeignKey("draft.id"), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)

draft_answers = Table(
    "draft_answer",
    metadata,
    Column("draft", String(32), ForeignKey("draft.id"), primary_key=True),
    Column("slot", String(32), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("box", LargeBinary, nullable=False),
)

audits = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("record", String(64), nullable=False),
    Column("outcome", String(64), nullable=False),
    Column("mac", LargeBinary, nullable=False),
)

audit_heads = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("mac", LargeBinary, nullable=False),
)

Index("response_received", responses.c.received)
Index("response_authored", responses.c.authored)
Index("draft_key_draft", draft_keys.c.draft)
Index("draft_expires", drafts.c.expires)

INSERT_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER audit_no_{what} BEFORE {what.upper()} ON audit BEGIN SELECT RAISE(ABORT, 'audit lines are only added'); END"
        for what in ("update", "delete")
    ],
    "postgresql": [
        "CREATE FUNCTION audit_only_added() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit lines are only added'; END $$",
        "CREATE TRIGGER audit_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_added()",
    ],
}
"""A slip of a program cannot change the audit trail; whoever can drop a trigger is found by the chain."""
