"""What the pages share by which staff come in and leave: accounts, plain pages, and the cookies of who has come in."""

from __future__ import annotations

from datetime import UTC, datetime

from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from screening.records.accounts.account import SignInRefused
from screening.records.accounts.accounts import Accounts
from screening.records.accounts.passwords import Passwords
from screening.records.accounts.sessions import session_id
from screening.records.refusals import Kind
from screening.use_cases.intake import Intake
from screening.web.browsers import KNOWN, LEFT, STAFF, VISITOR, Cookies
from screening.web.forms import FormRefused, Pages, browser_of

_KNOWN_LASTS = "; Max-Age=7776000"  # 90 days
_AT_ONCE = 4  # tries in work; a crowd waits here, and not in the threads that everything else needs
_FIRST_PAGE = {"exporter": "/exports", "admin": "/accounts"}


class Door:
    """One clinic's way in. oidc: the words of its identity service. Words for staff are English."""

    def __init__(self, intake: Intake, cookies: Cookies, oidc: str) -> None:
        self.cookies, self.refusals, self.zone = cookies, intake.store.refusals, intake.zone
        self.hashing = CapacityLimiter(_AT_ONCE)
        content = intake.content
        clinic = content.site.clinic.name.root
        self.accounts = Accounts(
            intake.store.database,
            intake.store.keys,
            Passwords(" ".join(clinic.values())),
            intake.content.site.staff.second_step_for,
        )
        self.pages = Pages(
            intake.store.keys.derived("staff forms"),
            clinic=next(iter(clinic.values())),
            logo=content.logo.address if content.logo else "",
            icon=content.icon.address if content.icon else "data:,",
            colours=content.site.brand.variables(),
            oidc=oidc,
        )

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

    def count(self, kind: Kind, request: Request) -> None:
        """Something was refused."""
        self.refusals.count(kind, browser_of(request).network)

    def not_looked_at(self, request: Request, refused: FormRefused) -> Response:
        """The page for a form that was not looked at."""
        self.count("form", request)
        return self.pages.refusal(request, refused)
