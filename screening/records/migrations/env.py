"""Runs migrations inside the transaction that `migrate.upgrade` opened: all of them, or none."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=False)
context.run_migrations()
