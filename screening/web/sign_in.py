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

from anyio import to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from screening.records.accounts.account import SecondStepWanted, SignInRefused
from screening.records.accounts.passwords import WeakPassword
from screening.records.database import NotSaved
from screening.settings import Settings
from screening.use_cases.intake import Intake
from screening.web.browsers import LEFT, STAFF, Cookies
from screening.web.door import Door
from screening.web.forms import FormRefused, browser_of, origin_of
from screening.web.log import event
from screening.web.own_account import OwnAccount
from screening.web.routes import FROM_SERVICE, NEW_PASSWORD, SIGN_IN, SIGN_OUT, TO_SERVICE

if TYPE_CHECKING:
    from screening.web.oidc import Provider

SIGNED_OUT = "signed-out-in-this-browser"
"""What a browser keeps of a sign-out: the next one by the identity service asks for a password there again."""


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
        *door.own.routes(),
    ]


class SignIn(Door):
    """The way in and out."""

    def __init__(self, intake: Intake, service: Provider | None, cookies: Cookies) -> None:
        super().__init__(intake, cookies, service.words if service else "")
        self.service = service
        self.own = OwnAccount(self)

    async def sign_in(self, request: Request) -> Response:
        """The page, and a try."""
        if request.method == "GET":
            return self.pages.page(request, "sign_in.html", any_account=await run_in_threadpool(self.accounts.any))
        try:
            fields = await self.pages.form(request)
            return await to_thread.run_sync(self._try, request, fields, limiter=self.hashing)
        except FormRefused as refused:
            return self.not_looked_at(request, refused)
        except SecondStepWanted as wanted:
            return self.own.wanted(request, wanted)
        except SignInRefused as refused:
            self.count("sign-in", request)
            return self.pages.page(request, "sign_in.html", 401, any_account=True, problem=_words(refused))
        except NotSaved:
            return self.pages.page(
                request, "sign_in.html", 503, any_account=True, problem="The records cannot be reached. Try again soon."
            )

    def _try(self, request: Request, fields: dict[str, str]) -> Response:
        name, password, code = (fields.get(field, "") for field in ("name", "password", "code"))
        token = self.accounts.sign_in(name, password, code, origin_of(request), datetime.now(UTC))
        return self.admit(request, token)

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
            address, left = await run_in_threadpool(self.service.begin, browser.visitor, browser.left == SIGNED_OUT)
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
            self.count("service", request)
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
        self.count("service", request)
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
                return self.not_looked_at(request, refused)
            except WeakPassword as weak:
                problem = str(weak)
        return self.pages.page(
            request, "new_password.html", 422 if problem else 200, name=account.name, problem=problem
        )

    def _used_up(self, request: Request) -> Response:
        self.count("link", request)
        words = "It was used already, or is older than 24 hours. Ask your admin for a new one."
        return self.pages.page(request, "plain.html", 404, heading="This link does not work any more", words=words)

    async def sign_out(self, request: Request) -> Response:
        """A page with one button (a link to it must not sign anybody out), and the end of the session."""
        if request.method == "GET":
            return self.pages.page(request, "sign_out.html")
        try:
            await self.pages.form(request)
        except FormRefused as refused:
            return self.not_looked_at(request, refused)
        session, now = browser_of(request).staff_session, datetime.now(UTC)
        found = await run_in_threadpool(self.accounts.session, session, now)
        await run_in_threadpool(self.accounts.end, session, now)
        theirs = self.service if found and found.account.has_subject else None
        end = await run_in_threadpool(theirs.end) if theirs else ""
        words = "You are signed out here. Your sign-in at the clinic's own service goes on until you end it there."
        answer: Response = RedirectResponse("/sign-in", 303)
        if end:  # as a link: a form of ours must not lead to another site
            answer = self.pages.page(request, "plain.html", heading="Signed out", words=words, end=end)
        browser = browser_of(request)
        answer.raw_headers.append((b"set-cookie", self.cookies.set(browser, STAFF, "")))
        answer.raw_headers.append((b"set-cookie", self.cookies.set(browser, LEFT, SIGNED_OUT, "; Max-Age=36000")))
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer


def _words(refused: SignInRefused) -> str:
    words = "The name, the password or the code is not right."
    wait = math.ceil(refused.wait)
    return words + (f" Wait {wait} {'second' if wait == 1 else 'seconds'} before you try again." if wait else "")
