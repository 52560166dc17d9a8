"""One writer for all sessions of a process: what is to be saved at the same time is committed together, with one sync.

A session that saves waits for its turn, does its work behind a savepoint of its own, and is acknowledged only when the
commit that holds its work is durable. While one group is being synced the next one gathers; alone, nobody waits longer
than before. What one session does wrong is taken back to its savepoint and told to that session only.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

MOST = 50
"""How many works share one commit; PostgreSQL keeps track of 64 savepoints cheaply."""


class NotCommitted(Exception):
    """A group was not kept. Holds the kind of error only: what a driver says may hold values."""


class _Group:
    """Works that share one transaction. lost: the store gave up the transaction; kept: it is durable."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.works = connection, 0
        self.over = threading.Event()
        self.lost = self.kept = False
        self.why = ""


class GroupCommit:
    """The writer. begin: a connection in a transaction that may write; dispose: what failed once is not used again."""

    def __init__(self, begin: Callable[[], Connection], dispose: Callable[[], None]) -> None:
        self._begin, self._dispose = begin, dispose
        self.waiting = 0
        """How many sessions wait for their turn."""
        self._turn, self._counting = threading.Lock(), threading.Lock()
        self._open: _Group | None = None

    @contextmanager
    def work(self) -> Iterator[Connection]:
        """One work, all or nothing, durable once this ends.

        Raises NotCommitted, SQLAlchemyError for an error in this work, and whatever else the work raises.
        """
        with self._counting:
            self.waiting += 1
        with self._turn:
            with self._counting:
                self.waiting -= 1
            group = self._open = self._open or _Group(self._begin())
            group.works += 1
            try:
                yield from self._behind_savepoint(group)
            finally:
                if group.lost or not self.waiting or group.works >= MOST:
                    self._open = None
                    self._commit(group)
        group.over.wait()
        if not group.kept:
            raise NotCommitted(group.why)

    def _behind_savepoint(self, group: _Group) -> Iterator[Connection]:
        run = group.connection.exec_driver_sql
        try:
            run("SAVEPOINT work")
            yield group.connection
            run("RELEASE SAVEPOINT work")
        except BaseException as error:
            try:
                run("ROLLBACK TO SAVEPOINT work")
            except SQLAlchemyError:  # the store has given up the whole transaction
                group.lost, group.why = True, type(error).__name__
            else:
                if isinstance(error, SQLAlchemyError) and not isinstance(error, IntegrityError):
                    group.works = MOST  # nobody else joins: the connection is not trusted further than this commit
            raise

    def _commit(self, group: _Group) -> None:
        try:
            if not group.lost:
                group.connection.commit()
                group.kept = True
        except SQLAlchemyError as error:
            group.why = type(error).__name__
        finally:
            if not group.kept:
                group.connection.invalidate()
                self._dispose()
            group.connection.close()
            group.over.set()
