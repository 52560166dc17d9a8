"""The routes by which staff come in and leave: /sign-in, /sign-in/new/TOKEN, /sign-in/oidc, /sign-in/callback and
/sign-out.

They are there only where this process serves staff. Pages are plain HTML without scripts, so that nothing of the app is
needed to get in, and a password never passes through Streamlit.
"""

from __future__ import annotations

import logging
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from screening.records.accounts.accounts import Accounts, Origin, SignInRefused, WeakPassword
from screening.records.accounts.passwords import Passwords
from screening.records.accounts.sessions import session_id
from screening.records.database import NotSaved
from screening.settings import Settings
from screening.use_cases.intake import Intake
from screening.web.browsers import KNOWN, LEFT, STAFF, VISITOR, Browser, Cookies
from screening.web.forms import FormRefused, Pages
from screening.web.log import event
from screening.web.routes import FROM_SERVICE, NEW_PASSWORD, SIGN_IN, SIGN_OUT, TO_SERVICE

if TYPE_CHECKING:
    from screening.web.oidc import Provider

_KNOWN_LASTS = "; Max-Age=7776000"  # 90 days
_AT_ONCE = 4  # tries in work; a crowd waits here, and not in the threads that everything else needs
_FIRST_PAGE = {"exporter": "/exports", "admin": "/accounts"}


def routes(intake: Intake, settings: Settings, cookies: Cookies) -> list[Route]:
    """The routes for one clinic. Raises EnvironmentProblem where the settings of its identity service are wrong."""
    found = None
    if settings.oidc_issuer:
        from screening.web.oidc import provider  # neither loaded nor asked anything unless a clinic has one

        found = provider(settings)
    door = SignIn(intake, found, cookies)
    return [
        TO_SERVICE.answered_by(door.leave_for_service if found else door.no_service),
        FROM_SERVICE.answered_by(door.back_from_service if found else door.no_service),
        SIGN_IN.answered_by(door.sign_in),
        NEW_PASSWORD.answered_by(door.new_password),
        SIGN_OUT.answered_by(door.sign_out),
    ]


class SignIn:
    """The way in and out. Words for staff are English."""

    def __init__(self, intake: Intake, service: Provider | None, cookies: Cookies) -> None:
        self.service, self.cookies = service, cookies
        self.hashing = CapacityLimiter(_AT_ONCE)
        content = intake.content
        clinic = content.site.clinic.name.root
        self.accounts = Accounts(intake.store.database, intake.store.keys, Passwords(" ".join(clinic.values())))
        self.pages = Pages(
            intake.store.keys.derived("staff forms"),
            clinic=next(iter(clinic.values())),
            logo=content.logo.address if content.logo else "",
            icon=content.icon.address if content.icon else "data:,",
            colours=content.site.brand.variables(),
            oidc=service.words if service else "",
        )

    async def sign_in(self, request: Request) -> Response:
        """The page, and a try."""
        if request.method == "GET":
            return self.pages.page(request, "sign_in.html", any_account=await run_in_threadpool(self.accounts.any))
        try:
            fields = await self.pages.form(request)
            return await to_thread.run_sync(self._try, request, fields, limiter=self.hashing)
        except FormRefused as refused:
            return self.pages.refusal(request, refused)
        except SignInRefused as refused:
            return self.pages.page(request, "sign_in.html", 401, any_account=True, problem=_words(refused))
        except NotSaved:
            return self.pages.page(
                request, "sign_in.html", 503, any_account=True, problem="The records cannot be reached. Try again soon."
            )

    def _try(self, request: Request, fields: dict[str, str]) -> Response:
        name, password, code = (fields.get(field, "") for field in ("name", "password", "code"))
        token = self.accounts.sign_in(name, password, code, origin_of(request), datetime.now(UTC))
        return self.admit(request, token)

    def admit(self, request: Request, token: str) -> Response:
        """Send somebody who has just signed in to their first page, with their cookies."""
        browser, now = browser_of(request), datetime.now(UTC)
        session = self.accounts.session(session_id(token), now)
        if session is None:  # disabled in this very moment
            raise SignInRefused
        answer = RedirectResponse(_FIRST_PAGE.get(session.account.role, "/worklist"), 303)
        known = self.accounts.known(browser.known, session.id, now)
        fresh = self.cookies.fresh()  # what was known of this browser before its sign-in is worth nothing after it
        given = ((STAFF, token, ""), (KNOWN, known, _KNOWN_LASTS), (VISITOR, fresh, ""), (LEFT, "", ""))
        for name, value, more in given:
            answer.raw_headers.append((b"set-cookie", self.cookies.set(browser, name, value, more)))
        return answer

    async def no_service(self, request: Request) -> Response:
        """Where a clinic has no identity service."""
        return self.pages.page(
            request, "plain.html", 404, heading="Not found", words="There is nothing at this address."
        )

    async def leave_for_service(self, request: Request) -> Response:
        """Send a browser to the clinic's identity service."""
        assert self.service is not None
        try:
            browser = browser_of(request)
            address, left = await run_in_threadpool(self.service.begin, browser.visitor)
            answer = RedirectResponse(address, 303)
            answer.raw_headers.append((b"set-cookie", self.cookies.set(browser, LEFT, left, "; Max-Age=600")))
            return answer
        except Exception as error:
            return self._service_failed(request, error)

    async def back_from_service(self, request: Request) -> Response:
        """Whoever comes back from there: signed in, if there is an account for them."""
        try:
            return await run_in_threadpool(self._back, request)
        except SignInRefused:
            words = (
                "You have no account here, or it is disabled. Ask your admin for one with your e-mail address "
                "as its name."
            )
            return self.pages.page(request, "plain.html", 403, heading="No account here", words=words)
        except Exception as error:
            return self._service_failed(request, error)

    def _back(self, request: Request) -> Response:
        assert self.service is not None
        state, code = (request.query_params.get(name, "") for name in ("state", "code"))
        subject = self.service.finish(browser_of(request).visitor, browser_of(request).left, state, code)
        try:
            return self.admit(request, self.accounts.sign_in_as(subject, origin_of(request), datetime.now(UTC)))
        except SignInRefused:
            why = "no account of this address" if subject.email else "address not verified by the service"
            event("nobody here for who came from the identity service", logging.WARNING, kind=why)
            raise

    def _service_failed(self, request: Request, error: Exception) -> Response:
        event("sign-in by identity service failed", logging.WARNING, kind=type(error).__name__)
        words = (
            "The sign-in with your clinic account did not work, or took longer than ten minutes. Please try once more."
        )
        return self.pages.page(request, "plain.html", 400, heading="This did not work", words=words)

    async def new_password(self, request: Request) -> Response:
        """A one-time link: its page, and the password."""
        token, now = request.path_params["token"], datetime.now(UTC)
        account = await run_in_threadpool(self.accounts.of_link, token, now)
        if account is None:
            return self._used_up(request)
        problem = ""
        if request.method == "POST":
            try:
                fields = await self.pages.form(request)
                password = fields.get("password", "")
                if password != fields.get("again", ""):
                    raise WeakPassword("The two passwords are not the same. Please type both again.")
                if await to_thread.run_sync(self.accounts.use_link, token, password, now, limiter=self.hashing) is None:
                    return self._used_up(request)
                words = f"The password of {account.name} is saved. Sign in with it now."
                return self.pages.page(request, "plain.html", heading="Your password is saved", words=words)
            except FormRefused as refused:
                return self.pages.refusal(request, refused)
            except WeakPassword as weak:
                problem = str(weak)
        return self.pages.page(
            request, "new_password.html", 422 if problem else 200, name=account.name, problem=problem
        )

    def _used_up(self, request: Request) -> Response:
        words = "It was used already, or is older than 24 hours. Ask your admin for a new one."
        return self.pages.page(request, "plain.html", 404, heading="This link does not work any more", words=words)

    async def sign_out(self, request: Request) -> Response:
        """A page with one button (a link to it must not sign anybody out), and the end of the session."""
        if request.method == "GET":
            return self.pages.page(request, "sign_out.html")
        try:
            await self.pages.form(request)
        except FormRefused as refused:
            return self.pages.refusal(request, refused)
        await run_in_threadpool(self.accounts.end, browser_of(request).staff_session, datetime.now(UTC))
        answer = RedirectResponse("/sign-in", 303)
        answer.raw_headers.append((b"set-cookie", self.cookies.set(browser_of(request), STAFF, "")))
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer


def browser_of(request: Request) -> Browser:
    """Who a request comes from, as the front found it."""
    browser: Browser = request.scope["browser"]
    return browser


def origin_of(request: Request) -> Origin:
    """Where a try comes from."""
    browser = browser_of(request)
    return Origin(browser.network, browser.known, browser.staff_session)


def _words(refused: SignInRefused) -> str:
    words = "The name, the password or the code is not right."
    wait = math.ceil(refused.wait)
    return words + (f" Wait {wait} {'second' if wait == 1 else 'seconds'} before you try again." if wait else "")
