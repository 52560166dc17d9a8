"""The audit trail has two chains, each line with a key of its own; staff's secrets are made from the staff's key."""

from typing import Any

import sqlalchemy as sa
from alembic import context, op
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from screening.records.schema import insert_only
from screening.records.seal import lock, unlock
from screening.settings import EnvironmentProblem

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    connection, keys = op.get_bind(), context.config.attributes["keys"]
    text, number, box = sa.String, sa.Integer, sa.LargeBinary
    op.create_table(
        "patient_audit",
        sa.Column("seq", number, primary_key=True, autoincrement=False),
        *(
            sa.Column(name, text(size), nullable=False)
            for name, size in (("at", 32), ("actor", 64), ("action", 32), ("record", 64), ("outcome", 64))
        ),
        sa.Column("mac", box, nullable=False),
    )
    op.create_table(
        "patient_audit_head",
        sa.Column("id", number, primary_key=True, autoincrement=False),
        sa.Column("seq", number, nullable=False),
        sa.Column("mac", box, nullable=False),
        sa.Column("key", box),
        sa.Column("since", number),
        sa.Column("start", box),
    )
    for name, kind in (("key", box), ("since", number), ("start", box)):
        op.add_column("audit_head", sa.Column(name, kind))
    for table in ("audit", "patient_audit"):
        op.create_index(f"{table}_record", table, ["record"])
    for statement in insert_only("patient_audit")[connection.dialect.name]:
        connection.exec_driver_sql(statement)
    if not keys.of_staff and keys.private():
        keys.add_staff()
    if connection.exec_driver_sql("SELECT count(*) FROM audit").scalar():
        _take_over(connection, keys)


def _take_over(connection: sa.Connection, keys: Any) -> None:
    """What the key of the audit trail protected so far comes under the staff's key; who is signed in signs in again."""
    if not keys.of_staff:
        raise EnvironmentProblem("The staff's side brings these records up to date: start it, or run `doctor`, first.")
    connection.exec_driver_sql("DELETE FROM staff_session")
    connection.exec_driver_sql("DELETE FROM attempt")
    former = HKDF(SHA256(), 32, None, b"staff second step").derive(keys.audit())
    secrets = connection.exec_driver_sql("SELECT id, totp FROM account WHERE totp IS NOT NULL").all()
    for account, kept in secrets:
        place = f"account|totp|{account}"
        again = lock(keys.derived("staff second step"), unlock(former, bytes(kept), place), place)
        connection.execute(sa.text("UPDATE account SET totp = :totp WHERE id = :id"), {"totp": again, "id": account})
