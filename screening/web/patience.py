"""Connections whose request never comes: a browser sends one at once, so whoever does not is hung up on."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

LONGEST = 10.0
"""Seconds in which the head of the first request must have come."""


class Impatient(H11Protocol):
    """uvicorn's own protocol, which waits for ever for a first request."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody connected."""
        super().connection_made(transport)
        self.loop.call_later(LONGEST, self._hang_up)

    def _hang_up(self) -> None:
        if self in self.connections and self.cycle is None:  # a socket is no longer one of ours then
            self.transport.close()  # type: ignore[unreachable]  # uvicorn says that there is always a cycle
