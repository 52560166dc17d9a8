"""The running app: Streamlit as an ASGI application, with our front before it and our own routes beside it.

Not `streamlit run`: that costs eight to nine times more processor time a click, and leaves routes open that this app
closes.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import streamlit as st
import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from screening.model.addresses import PATIENT_PAGES, STAFF_PAGES
from screening.records.database import NotSaved
from screening.records.sealed_file import SealedFile
from screening.settings import ROOT, Settings, in_use, use
from screening.ui.audience import staff_side
from screening.use_cases import tickets
from screening.use_cases.intake import open_intake
from screening.use_cases.review import open_review
from screening.web.browsers import Browser, Cookies
from screening.web.fresh import Fresh
from screening.web.front import Front
from screening.web.log import event, place_of, set_up
from screening.web.patience import Impatient
from screening.web.proof import Proofs
from screening.web.readiness import Readiness
from screening.web.routes import FRESH, READY, TAKE, Routes
from screening.web.shell import shell, streamlit_static
from screening.web.sockets import LARGEST_MESSAGE, set_limits

EACH = 60
"""Seconds from one time to the next that counts of refusals are written."""


def application(settings: Settings) -> st.App:
    """The ASGI application. Opens content and records first: what is wrong with them is said at start, not to a
    patient."""
    use(settings)
    intake = open_intake()
    if intake.store.keys.made:
        directory = intake.store.keys.directory
        event(
            (
                "made the first keys: keep a copy of them in a safe place, without the private key nobody can "
                "read the records"
            ),
            directory=directory,
        )
    if settings.role != "patient":
        open_review()  # removes the export files that an earlier process left
    pages, answers, staff = (
        {""},
        [READY.answered_by(Readiness().answer), TAKE.answered_by(_take)],
        settings.role != "patient",
    )
    cookies = Cookies(intake.store.keys.common("cookies of browsers"))
    answers.append(FRESH.answered_by(Fresh(cookies).answer))
    if settings.role != "staff":
        pages |= PATIENT_PAGES | {page.address for section in intake.content.sections for page in section.pages}
    if staff:
        from screening.web.sign_in import routes as sign_in_routes  # what staff need is not loaded for patients

        pages |= STAFF_PAGES
        answers += sign_in_routes(intake, settings, cookies)
    proofs, count = Proofs(cookies, intake.content), intake.store.refusals.count
    page = shell((streamlit_static() / "index.html").read_text("utf-8"), intake.content)
    return st.App(
        ROOT / "app.py",
        routes=answers,
        middleware=[Middleware(Front, Routes(pages, staff), cookies, page, refused=count, proofs=proofs)],
        lifespan=_lifespan,
        on_script_error=_script_error,
    )


def serve(settings: Settings, host: str, port: int) -> None:
    """Run until stopped. One process, one loop: binding it ourselves keeps small answers from waiting on the
    network."""
    set_up()
    set_limits()
    sys.setswitchinterval(0.001)  # pages that are drawn must not keep the loop from those who are waiting
    os.umask(0o077)  # temporary files of libraries too
    config = uvicorn.Config(
        application(settings),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        ws_max_size=LARGEST_MESSAGE + 100_000,
        server_header=False,
        http=Impatient,
        forwarded_allow_ips=settings.proxies,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run()


@asynccontextmanager
async def _lifespan(_: st.App) -> AsyncIterator[dict[str, Any] | None]:
    import screening.ui.patient.pages  # noqa: F401  imported now, so that the first patient does not wait

    gc.collect()
    gc.freeze()  # what is loaded now lives as long as the process: never look at it again
    counting = asyncio.create_task(_keep_refusals())
    event("ready")
    yield None
    counting.cancel()
    await run_in_threadpool(_kept)


async def _keep_refusals() -> None:
    while True:
        await asyncio.sleep(EACH)
        await run_in_threadpool(_kept)


def _kept() -> None:
    """Write what was refused since the last time, a line for each kind."""
    store = open_intake().store
    try:
        for kind, count in store.refusals.keep(store.database, datetime.now(UTC)).items():
            event("refused", logging.WARNING, kind=kind, count=count)
    except NotSaved:
        event("refusals are not kept", logging.WARNING)


async def _take(request: Request) -> Response:
    """What a ticket is for, once: a person's own copy, or what staff take away."""
    ticket = await run_in_threadpool(_used, request.path_params["token"], request.scope["browser"])
    if ticket is None:
        open_intake().store.refusals.count("ticket", request.scope["browser"].network)
        return PlainTextResponse(
            "This link was already used or is too old. Please make another one where you found it.\n", 404
        )
    body = await run_in_threadpool(ticket.make)
    how = "inline" if ticket.shown else "attachment"
    headers = {"Content-Disposition": f'{how}; filename="{ticket.name}"'}
    if isinstance(body, SealedFile):
        headers["Content-Length"] = str(body.size)
        return StreamingResponse(body.pieces(), media_type=ticket.media, headers=headers)
    return Response(body, media_type=ticket.media, headers=headers)


def _used(token: str, browser: Browser) -> tickets.Ticket | None:
    staff = browser.staff_session
    signed_in = staff and in_use().role != "patient" and open_review().who(staff)
    return tickets.use(token, browser.visitor, staff if signed_in else "")


def _script_error(error: Exception) -> bool:
    """Log the kind of error, never its text, and show plain words instead of Streamlit's: those for patients, or those
    for staff."""
    event("page failed", logging.ERROR, kind=type(error).__name__, place=place_of(error))
    if staff_side():
        from screening.ui.staff.error_page import staff_error_page

        staff_error_page()
    else:
        from screening.ui.patient.error_page import error_page

        error_page()
    return True
