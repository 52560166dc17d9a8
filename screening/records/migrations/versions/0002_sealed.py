"""Answers and results are sealed; drafts, data keys and the audit trail are added. Old responses are sealed on the
way."""

import hmac
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from screening.records.schema import insert_only
from screening.records.seal import Sealer

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    connection = op.get_bind()
    old = [dict(row) for row in connection.execute(sa.text("SELECT * FROM response ORDER BY id")).mappings()]
    found = [dict(row) for row in connection.execute(sa.text("SELECT * FROM screening")).mappings()]
    op.drop_table("screening")
    op.drop_index("response_received", "response")
    op.drop_table("response")
    _tables()
    for statement in insert_only("audit")[connection.dialect.name]:
        connection.exec_driver_sql(statement)
    if old:
        _seal(connection, old, found)


def _tables() -> None:
    text, number, box = sa.String, sa.Integer, sa.LargeBinary
    op.create_table(
        "data_key",
        sa.Column("id", text(32), primary_key=True),
        sa.Column("key", text(16), nullable=False),
        sa.Column("wrapped", box, nullable=False),
        sa.Column("made", text(32), nullable=False),
    )
    op.create_table(
        "response",
        sa.Column("id", number, primary_key=True),
        sa.Column("form", text(64), nullable=False, unique=True),
        sa.Column("reference", text(16), nullable=False, unique=True),
        sa.Column("received", text(32), nullable=False),
        sa.Column("authored", text(10), nullable=False),
        sa.Column("status", text(24), nullable=False),
        sa.Column("content", text(64), sa.ForeignKey("content.hash"), nullable=False),
        sa.Column("box", box, nullable=False),
    )
    op.create_table(
        "screening",
        sa.Column("response", number, sa.ForeignKey("response.id"), primary_key=True),
        sa.Column("content", text(64), sa.ForeignKey("content.hash"), primary_key=True),
        sa.Column("box", box, nullable=False),
    )
    op.create_table(
        "draft",
        sa.Column("id", text(32), primary_key=True),
        sa.Column("content", text(64), nullable=False),
        sa.Column("version", number, nullable=False),
        sa.Column("touched", text(32), nullable=False),
        sa.Column("expires", text(32), nullable=False),
    )
    op.create_table(
        "draft_key",
        sa.Column("lookup", text(64), primary_key=True),
        sa.Column("draft", text(32), sa.ForeignKey("draft.id"), nullable=False),
        sa.Column("kind", text(8), nullable=False),
        sa.Column("wrapped", box, nullable=False),
    )
    op.create_table(
        "draft_answer",
        sa.Column("draft", text(32), sa.ForeignKey("draft.id"), primary_key=True),
        sa.Column("slot", text(32), primary_key=True),
        sa.Column("version", number, nullable=False),
        sa.Column("box", box, nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("seq", number, primary_key=True, autoincrement=False),
        *(
            sa.Column(name, text(size), nullable=False)
            for name, size in (("at", 32), ("actor", 64), ("action", 32), ("record", 64), ("outcome", 64))
        ),
        sa.Column("mac", box, nullable=False),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", number, primary_key=True, autoincrement=False),
        sa.Column("seq", number, nullable=False),
        sa.Column("mac", box, nullable=False),
    )
    op.create_index("response_received", "response", ["received"])
    op.create_index("response_authored", "response", ["authored"])
    op.create_index("draft_key_draft", "draft_key", ["draft"])
    op.create_index("draft_expires", "draft", ["expires"])


def _seal(connection: sa.Connection, old: list[dict[str, Any]], found: list[dict[str, Any]]) -> None:
    keys = context.config.attributes["keys"]
    now = datetime.now(UTC).isoformat(timespec="seconds")

    def keep(identity: str, fingerprint: str, wrapped: bytes) -> None:
        row = {"id": identity, "key": fingerprint, "wrapped": wrapped, "made": now}
        connection.execute(
            sa.text("INSERT INTO data_key (id, key, wrapped, made) VALUES (:id, :key, :wrapped, :made)"), row
        )

    def sealed(value: dict[str, Any], where: str) -> bytes:
        return sealer.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), where)

    sealer = Sealer(keys.current, keep)
    forms = {}
    for row in old:
        forms[row["id"]] = row["form"]
        said = {
            "language": row["language"],
            "consent": json.loads(row["consent"]),
            "answers": json.loads(row["answers"]),
        }
        connection.execute(
            sa.text(
                "INSERT INTO response (id, form, reference, received, authored, status, content, box) "
                "VALUES (:id, :form, :reference, :received, :authored, :status, :content, :box)"
            ),
            {**row, "box": sealed(said, f"response|box|{row['form']}")},
        )
        _line(connection, keys.audit(), now, row["reference"])
    for row in found:
        box = sealed(
            {"tier": row["tier"], "result": json.loads(row["result"])},
            f"screening|box|{forms[row['response']]}|{row['content']}",
        )
        connection.execute(
            sa.text("INSERT INTO screening (response, content, box) VALUES (:response, :content, :box)"),
            {"response": row["response"], "content": row["content"], "box": box},
        )
    if connection.dialect.name == "postgresql":  # the old rows brought their numbers along
        connection.exec_driver_sql("SELECT setval(pg_get_serial_sequence('response', 'id'), max(id)) FROM response")


def _line(connection: sa.Connection, key: bytes, at: str, reference: str) -> None:
    """A line of the audit trail as this version wrote it: one chain, all lines under one key."""
    last = connection.exec_driver_sql("SELECT seq, mac FROM audit ORDER BY seq DESC LIMIT 1").first()
    seq, before = (last[0] + 1, bytes(last[1])) if last else (1, b"\0" * 32)
    fields = (at, "operator", "migrate", reference, "done")
    parts = [before, str(seq).encode(), *(field.encode() for field in fields)]
    mac = hmac.digest(key, b"".join(len(part).to_bytes(4, "big") + part for part in parts), "sha256")
    row = dict(zip(("seq", "mac", "at", "actor", "action", "record", "outcome"), (seq, mac, *fields), strict=True))
    connection.execute(sa.text("INSERT INTO audit VALUES (:seq, :at, :actor, :action, :record, :outcome, :mac)"), row)
    head = {"seq": seq, "mac": hmac.digest(key, b"head" + seq.to_bytes(8, "big") + mac, "sha256")}
    connection.execute(sa.text("DELETE FROM audit_head"))
    connection.execute(sa.text("INSERT INTO audit_head (id, seq, mac) VALUES (1, :seq, :mac)"), head)
