"""The running app: Streamlit as an ASGI application, with our front before it and our own routes beside it.

Not `streamlit run`: that costs eight to nine times more processor time a click, and leaves routes open that this app closes.
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from screening.intake import intake
from screening.settings import ROOT, Settings
from screening.web import tickets
from screening.web.front import Front, visitor_of
from screening.web.log import event, place_of, set_up

BEHIND_FRONT = "SCREENING_BEHIND_FRONT"
"""Set in the environment by `serve`: app.py refuses to run without the front."""

STAFF_PAGES = frozenset({"worklist", "response", "exports", "pictures", "feedback", "accounts", "rule-book"})
"""The addresses of the pages of staff. What somebody sees there is decided by their session, in the page."""


def application() -> st.App:
    """The ASGI application. Opens content and records first: what is wrong with them is said at start, not to a patient."""
    os.environ[BEHIND_FRONT] = "1"
    desk = intake()
    if desk.store.keys.made:
        directory = desk.store.keys.directory
        event(
            "made the first keys: keep a copy of them in a safe place, without the private key nobody can read the records",
            directory=directory,
        )
    role = Settings.from_environment().role
    pages, routes, staff = {""}, [Route("/ready", _ready), Route("/copy/{token}", _copy)], role != "patient"
    if role != "staff":
        pages |= {"welcome", "come-back", "before-you-start", "check", "done", *(section.section for section in desk.content.sections)}
    if staff:
        from screening.web.sign_in import routes as sign_in_routes  # what staff need is not loaded for patients

        pages |= STAFF_PAGES
        routes += sign_in_routes(desk)
    return st.App(
        ROOT / "app.py",
        routes=routes,
        middleware=[Middleware(Front, pages=frozenset(pages), staff=staff)],
        lifespan=_lifespan,
        on_script_error=_script_error,
    )


def serve(host: str, port: int) -> None:
    """Run until stopped. One process, one loop: binding it ourselves keeps small answers from waiting on the network."""
    set_up()
    os.umask(0o077)  # temporary files of libraries too
    config = uvicorn.Config(
        application(), host=host, port=port, log_level="warning", access_log=False, ws_max_size=1_100_000, server_header=False,
        timeout_graceful_shutdown=5,
    )  # fmt: skip
    uvicorn.Server(config).run()


@asynccontextmanager
async def _lifespan(_: st.App) -> AsyncIterator[dict[str, Any] | None]:
    import screening.ui.patient  # noqa: F401  imported now, so that the first patient does not wait

    gc.collect()
    gc.freeze()  # what is loaded now lives as long as the process: never look at it again
    event("ready")
    yield None


async def _ready(_: Request) -> Response:
    """Whether the records can be read: 200 or 503."""
    try:
        await run_in_threadpool(intake().store.count)
    except Exception as error:
        event("not ready", logging.ERROR, kind=type(error).__name__)
        return PlainTextResponse("not ready\n", 503)
    return PlainTextResponse("ready\n")


async def _copy(request: Request) -> Response:
    """A person's own copy: their ticket, once."""
    body = await run_in_threadpool(tickets.use, request.path_params["token"], visitor_of(request.scope["headers"]))
    if body is None:
        return PlainTextResponse("This link was already used or is too old. Please make another one on the form's last page.\n", 404)
    disposition = {"Content-Disposition": 'attachment; filename="my-answers.pdf"'}
    return Response(body, media_type="application/pdf", headers=disposition)


def _script_error(error: Exception) -> bool:
    """Log the kind of error, never its text, and show the patient plain words instead of Streamlit's."""
    event("page failed", logging.ERROR, kind=type(error).__name__, place=place_of(error))
    from screening.ui.sorry import sorry

    sorry()
    return True
