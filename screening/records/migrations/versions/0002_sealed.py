"""Answers and results are sealed; drafts, data keys and the audit trail are added. Old responses are sealed on the
way."""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from screening.records import audit
from screening.records.schema import INSERT_ONLY
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
    for statement in INSERT_ONLY[connection.dialect.name]:
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
        audit.add(connection, keys.audit(), now, "operator", "migrate", row["reference"])
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
