"""How often what was refused, by hour, kind and network."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "refusal",
        sa.Column("hour", sa.String(13), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("network", sa.String(16), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
