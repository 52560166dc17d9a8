"""What came of the last call, since when somebody is newly urgent, and what staff have begun to write."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    text, box = sa.String, sa.LargeBinary
    op.add_column("work", sa.Column("outcome", text(16)))
    op.add_column("work", sa.Column("tried", text(32)))
    op.add_column("work", sa.Column("urgent_since", text(32)))
    op.execute("UPDATE work SET outcome = 'reached', tried = contacted WHERE contacted IS NOT NULL")
    op.create_table(
        "staff_draft",
        sa.Column("account", text(32), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("response", sa.Integer, sa.ForeignKey("response.id"), primary_key=True, autoincrement=False),
        sa.Column("kind", text(8), primary_key=True),
        sa.Column("box", box, nullable=False),
    )
