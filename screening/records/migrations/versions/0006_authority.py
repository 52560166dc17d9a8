"""Rows that give authority carry a MAC, and lines of the audit trail hold a digest of what they made of a record."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import context, op

from screening.records.audit import Trail
from screening.records.authority import Marks, digest
from screening.records.reconcile import CONTENT, adopt
from screening.records.schema import accounts, contents, responses, works

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    connection, keys = op.get_bind(), context.config.attributes["keys"]
    for table in ("audit", "patient_audit"):
        op.add_column(table, sa.Column("digest", sa.LargeBinary))
    for table in ("account", "staff_session", "work"):
        op.add_column(table, sa.Column("seq", sa.Integer, nullable=False, server_default="0"))
        op.add_column(table, sa.Column("mac", sa.LargeBinary))
    op.execute("DELETE FROM staff_session")
    if not connection.exec_driver_sql("SELECT count(*) FROM audit").scalar():
        return
    trail, marks, now = Trail.of_staff(keys), Marks(keys), datetime.now(UTC).isoformat(timespec="seconds")
    trail.add(connection, now, "operator", "migrate", revision)
    for account, name in connection.execute(sa.select(accounts.c.id, accounts.c.name)).all():
        seq = trail.add(connection, now, "operator", "account-adopt", name)
        marks.put_on(connection, accounts, accounts.c.id == account, seq=seq)
    for content, archive in connection.execute(sa.select(contents.c.hash, contents.c.archive)).all():
        trail.add(connection, now, "operator", CONTENT, content, holds=digest(content, bytes(archive)))
    for response, reference in connection.execute(sa.select(responses.c.id, responses.c.reference)).all():
        seq = adopt(connection, trail, response, reference, now)
        marks.put_on(connection, works, works.c.response == response, reference, seq=seq)
