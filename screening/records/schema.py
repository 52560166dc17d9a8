"""The tables. Whatever says something about a person is in a sealed `box`; ids, times and counts are in clear.

Changes are migrations (see `migrations/`); this is how the newest looks. Times are ISO 8601 in UTC, dates are the
clinic's.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text

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
    Column("brief", LargeBinary),
    Column("amendments", Integer, nullable=False, server_default="0"),
)
"""brief: what a line of the worklist shows, sealed (none for rows from before there was one). amendments: how often
staff amended."""

screenings = Table(
    "screening",
    metadata,
    Column("response", Integer, ForeignKey("response.id"), primary_key=True),
    Column("content", String(64), ForeignKey("content.hash"), primary_key=True),
    Column("box", LargeBinary, nullable=False),
)

amendments = Table(
    "amendment",
    metadata,
    Column("response", Integer, ForeignKey("response.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("box", LargeBinary, nullable=False),
    Column("screening", LargeBinary, nullable=False),
)
"""All answers as they are after staff asked the person what was open, and their screening. The first response stays as
it was."""

works = Table(
    "work",
    metadata,
    Column("response", Integer, ForeignKey("response.id"), primary_key=True, autoincrement=False),
    Column("status", String(24), nullable=False),
    Column("assigned", String(64)),
    Column("contacted", String(32)),
    Column("version", Integer, nullable=False),
    Column("outcome", String(16)),
    Column("tried", String(32)),
    Column("urgent_since", String(32)),
    Column("seq", Integer, nullable=False, server_default="0"),
    Column("mac", LargeBinary),
)
"""contacted: when somebody reached the person, or noted that no call is needed. outcome, tried: what came of the last
call, and when. urgent_since: when answers that staff asked for made the person newly urgent. Times: ISO 8601 in UTC."""

entries = Table(
    "entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token", String(32), nullable=False, unique=True),
    Column("response", Integer, ForeignKey("response.id"), nullable=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("box", LargeBinary, nullable=False),
)
"""What staff did to a response, in order: only added to. kind: status, assigned, contacted, call, undone, note,
feedback, amended."""

staff_drafts = Table(
    "staff_draft",
    metadata,
    Column("account", String(32), ForeignKey("account.id"), primary_key=True),
    Column("response", Integer, ForeignKey("response.id"), primary_key=True, autoincrement=False),
    Column("kind", String(8), primary_key=True),
    Column("box", LargeBinary, nullable=False),
)
"""What somebody of the staff has begun to write about a response and not saved: a note, or the answers of a call."""

accounts = Table(
    "account",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("state", String(12), nullable=False),
    Column("password", String(200)),
    Column("totp", LargeBinary),
    Column("totp_step", Integer),
    Column("subject", String(64), unique=True),
    Column("link", String(64), unique=True),
    Column("link_until", String(32)),
    Column("choices", Text),
    Column("made", String(32), nullable=False),
    Column("seq", Integer, nullable=False, server_default="0"),
    Column("mac", LargeBinary),
)
"""subject: SHA-256 of issuer and subject at the clinic's identity service. link: SHA-256 of a one-time link. choices:
JSON."""

staff_sessions = Table(
    "staff_session",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account", String(32), ForeignKey("account.id"), nullable=False),
    Column("begun", String(32), nullable=False),
    Column("touched", String(32), nullable=False),
    Column("until", String(32), nullable=False),
    Column("seq", Integer, nullable=False, server_default="0"),
    Column("mac", LargeBinary),
)
"""seq: the line of the audit trail that made the row; mac: see authority.py. So in account and work."""

attempts = Table(
    "attempt",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", Float, nullable=False),
)
"""Failed sign-ins in a row. key: an HMAC of whom they concern, so that no name or address is stored; last: seconds
since 1970."""

exports = Table(
    "export",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", String(32), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("filter", String(300), nullable=False),
    Column("count", Integer, nullable=False),
    Column("records", LargeBinary, nullable=False),
)
"""Which records left with which export, so that it can be told of each who took it. records: their ids as compressed
JSON."""

steps = Table(
    "step",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("step", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
)
"""How many forms came as far as each page, by day: numbers of nobody."""

refusals = Table(
    "refusal",
    metadata,
    Column("hour", String(13), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("network", String(16), primary_key=True),
    Column("count", Integer, nullable=False),
)
"""How often what was refused. hour: as 2026-11-27T17, in UTC; network: an HMAC of it, or `-`."""

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


def _trail(name: str) -> tuple[Table, Table]:
    lines = Table(
        name,
        metadata,
        Column("seq", Integer, primary_key=True, autoincrement=False),
        Column("at", String(32), nullable=False),
        Column("actor", String(64), nullable=False),
        Column("action", String(32), nullable=False),
        Column("record", String(64), nullable=False),
        Column("outcome", String(64), nullable=False),
        Column("mac", LargeBinary, nullable=False),
        Column("digest", LargeBinary),
    )
    heads = Table(
        f"{name}_head",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("seq", Integer, nullable=False),
        Column("mac", LargeBinary, nullable=False),
        Column("key", LargeBinary),
        Column("since", Integer),
        Column("start", LargeBinary),
    )
    Index(f"{name}_record", lines.c.record)
    return lines, heads


audits, audit_heads = _trail("audit")
patient_audits, patient_audit_heads = _trail("patient_audit")
"""The staff's chain of the audit trail and that of patients. head: the last line, and the sealed key of the next; since
line `since` each line has a key of its own, the first of them sealed in `start`."""

Index("response_received", responses.c.received)
Index("response_authored", responses.c.authored)
Index("entry_response", entries.c.response)
Index("staff_session_account", staff_sessions.c.account)
Index("draft_key_draft", draft_keys.c.draft)
Index("draft_expires", drafts.c.expires)


def insert_only(table: str) -> dict[str, list[str]]:
    """For each store the statements after which it refuses to change or remove a row of an audit table."""
    sqlite = "CREATE TRIGGER {0}_no_{1} BEFORE {2} ON {0} BEGIN SELECT RAISE(ABORT, 'audit lines are only added'); END"
    return {
        "sqlite": [sqlite.format(table, what, what.upper()) for what in ("update", "delete")],
        "postgresql": [
            "CREATE OR REPLACE FUNCTION audit_only_added() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'audit lines are only added'; END $$",
            f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_added()",
        ],
    }
