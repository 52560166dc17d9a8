"""What staff do with their own account: a second step where their role needs one, a new password, an end to sessions
elsewhere. Each asks for the password again, or comes right after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from anyio import to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from screening.records.accounts.account import SecondStepWanted, SignInRefused, StaffSession
from screening.records.accounts.passwords import WeakPassword
from screening.web.door import Door
from screening.web.forms import FormRefused, browser_of, origin_of
from screening.web.routes import OWN_ACCOUNT, SECOND_STEP


@dataclass(frozen=True)
class _Shown:
    begun: str
    here: bool


class OwnAccount:
    """The pages. door: the way in, whose accounts and pages they share."""

    def __init__(self, door: Door) -> None:
        self.door = door

    def routes(self) -> list[Route]:
        """Where they are."""
        return [SECOND_STEP.answered_by(self.second_step), OWN_ACCOUNT.answered_by(self.own)]

    async def second_step(self, request: Request) -> Response:
        """The first code of a new second step, typed on the page that `wanted` drew."""
        if request.method == "GET":
            return RedirectResponse("/sign-in", 303)
        try:
            fields = await self.door.pages.form(request)
            waiting, code = fields.get("waiting", ""), fields.get("code", "")
            token = await run_in_threadpool(
                self.door.accounts.finish_second_step, waiting, code, origin_of(request), datetime.now(UTC)
            )
            return await run_in_threadpool(self.door.admit, request, token)
        except FormRefused as refused:
            return self.door.not_looked_at(request, refused)
        except SecondStepWanted as wanted:
            return self.wanted(request, wanted, "The six digits are not right. Wait for the next ones and type those.")
        except SignInRefused:
            return RedirectResponse("/sign-in", 303)

    def wanted(self, request: Request, wanted: SecondStepWanted, problem: str = "") -> Response:
        """The page that sets a second step up."""
        secret = {"address": wanted.address, "key": wanted.secret, "waiting": wanted.waiting}
        return self.door.pages.page(request, "second_step.html", 401 if problem else 200, problem=problem, **secret)

    async def own(self, request: Request) -> Response:
        """A person's own account: where they are signed in, and a new password."""
        now = datetime.now(UTC)
        session = await run_in_threadpool(self.door.accounts.session, browser_of(request).staff_session, now)
        if session is None or not session.account.has_password:
            return RedirectResponse("/sign-in", 303)
        if request.method == "GET":
            return await run_in_threadpool(self._page, request, session)
        try:
            fields = await self.door.pages.form(request)
            return await to_thread.run_sync(self._changed, request, session, fields, limiter=self.door.hashing)
        except FormRefused as refused:
            return self.door.not_looked_at(request, refused)
        except WeakPassword as weak:
            return await run_in_threadpool(self._page, request, session, str(weak))
        except SignInRefused as refused:
            self.door.count("sign-in", request)
            words = "Your password now is not right."
            words += f" Wait {refused.wait:.0f} seconds before you try again." if refused.wait >= 1 else ""
            return await run_in_threadpool(self._page, request, session, words)

    def _page(self, request: Request, session: StaffSession, problem: str = "") -> Response:
        found = self.door.accounts.sessions_of(session.account.id, datetime.now(UTC))
        sessions = [_Shown(self._words(begun), one == session.id) for one, begun in found]
        status = 422 if problem else 200
        return self.door.pages.page(
            request, "own_account.html", status, name=session.account.name, sessions=sessions, problem=problem
        )

    def _changed(self, request: Request, session: StaffSession, fields: dict[str, str]) -> Response:
        password = fields.get("password", "")
        if password != fields.get("again", ""):
            raise WeakPassword("The two passwords are not the same. Please type both again.")
        token = self.door.accounts.change_own(
            session.account, fields.get("current", ""), password, origin_of(request), datetime.now(UTC)
        )
        return self.door.admit(request, token)

    def _words(self, begun: str) -> str:
        return f"{datetime.fromisoformat(begun).astimezone(self.door.zone):%d %b, %H:%M}"
