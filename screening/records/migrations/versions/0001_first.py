"""The tables of version 0.1.0: answers in clear."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "content",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("archive", sa.LargeBinary, nullable=False),
        sa.Column("first_used", sa.String(32), nullable=False),
    )
    op.create_table(
        "response",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("form", sa.String(64), nullable=False, unique=True),
        sa.Column("reference", sa.String(16), nullable=False, unique=True),
        sa.Column("received", sa.String(32), nullable=False),
        sa.Column("authored", sa.String(10), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("consent", sa.Text, nullable=False),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("content", sa.String(64), sa.ForeignKey("content.hash"), nullable=False),
    )
    op.create_table(
        "screening",
        sa.Column("response", sa.Integer, sa.ForeignKey("response.id"), primary_key=True),
        sa.Column("content", sa.String(64), sa.ForeignKey("content.hash"), primary_key=True),
        sa.Column("tier", sa.String(16)),
        sa.Column("result", sa.Text, nullable=False),
    )
    op.create_index("response_received", "response", ["received"])
