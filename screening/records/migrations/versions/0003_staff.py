"""What staff need: accounts and sessions, work on responses, amendments, and how many forms came how far."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    text, number, box = sa.String, sa.Integer, sa.LargeBinary
    op.add_column("response", sa.Column("brief", box))
    op.add_column("response", sa.Column("amendments", number, nullable=False, server_default="0"))
    response = sa.ForeignKey("response.id")
    op.create_table(
        "amendment",
        sa.Column("response", number, response, primary_key=True, autoincrement=False),
        sa.Column("number", number, primary_key=True, autoincrement=False),
        sa.Column("at", text(32), nullable=False),
        sa.Column("actor", text(64), nullable=False),
        sa.Column("box", box, nullable=False),
        sa.Column("screening", box, nullable=False),
    )
    op.create_table(
        "work",
        sa.Column("response", number, sa.ForeignKey("response.id"), primary_key=True, autoincrement=False),
        sa.Column("status", text(24), nullable=False),
        sa.Column("assigned", text(64)),
        sa.Column("contacted", text(32)),
        sa.Column("version", number, nullable=False),
    )
    op.create_table(
        "entry",
        sa.Column("id", number, primary_key=True),
        sa.Column("token", text(32), nullable=False, unique=True),
        sa.Column("response", number, sa.ForeignKey("response.id"), nullable=False),
        sa.Column("at", text(32), nullable=False),
        sa.Column("actor", text(64), nullable=False),
        sa.Column("kind", text(16), nullable=False),
        sa.Column("box", box, nullable=False),
    )
    op.create_table(
        "account",
        sa.Column("id", text(32), primary_key=True),
        sa.Column("name", text(64), nullable=False, unique=True),
        sa.Column("role", text(16), nullable=False),
        sa.Column("state", text(12), nullable=False),
        sa.Column("password", text(200)),
        sa.Column("totp", box),
        sa.Column("totp_step", number),
        sa.Column("subject", text(64), unique=True),
        sa.Column("link", text(64), unique=True),
        sa.Column("link_until", text(32)),
        sa.Column("choices", sa.Text),
        sa.Column("made", text(32), nullable=False),
    )
    op.create_table(
        "staff_session",
        sa.Column("id", text(64), primary_key=True),
        sa.Column("account", text(32), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("begun", text(32), nullable=False),
        sa.Column("touched", text(32), nullable=False),
        sa.Column("until", text(32), nullable=False),
    )
    op.create_table(
        "attempt",
        sa.Column("key", text(64), primary_key=True),
        sa.Column("failures", number, nullable=False),
        sa.Column("last", sa.Float, nullable=False),
    )
    op.create_table(
        "export",
        sa.Column("id", text(32), primary_key=True),
        sa.Column("at", text(32), nullable=False),
        sa.Column("actor", text(64), nullable=False),
        sa.Column("kind", text(32), nullable=False),
        sa.Column("filter", text(300), nullable=False),
        sa.Column("count", number, nullable=False),
        sa.Column("records", box, nullable=False),
    )
    op.create_table(
        "step",
        sa.Column("day", text(10), primary_key=True),
        sa.Column("step", text(64), primary_key=True),
        sa.Column("count", number, nullable=False),
    )
    op.create_index("entry_response", "entry", ["response"])
    op.create_index("staff_session_account", "staff_session", ["account"])
