"""Signing in over HTTP at a real server: cookies, forms, links and who is told to the pages."""

from __future__ import annotations

import http.client
import re
import shutil
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pyotp
import pytest
import requests
from typer.testing import CliRunner

from screening.__main__ import app
from screening.records.accounts.sessions import session_id
from tests.conftest import SHIPPED
from tests.journeys.conftest import accounts_of, running, start

GOOD = "violet anchors hum quietly"
OTHER = "another kettle under bridges"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("staff"), SCREENING_ROLE="both") as started:
        yield started


@pytest.fixture(scope="module")
def accounts(server):
    return accounts_of(server)


_count = iter(range(1, 1000))


@pytest.fixture
def name(accounts):
    made = f"ana{next(_count)}"
    accounts.add(made, "clinician", "operator", datetime.now(UTC), GOOD)
    return made


class Browser:
    """One browser: keeps cookies, follows nothing."""

    def __init__(self, server, **headers):
        self.url, self.session = server.url, requests.Session()
        self.session.headers.update({"Origin": server.url, **headers})

    def get(self, path):
        return self.session.get(self.url + path, allow_redirects=False, timeout=300)

    def post(self, path, csrf=None, headers=None, **fields):
        token = csrf if csrf is not None else re.search(r'name="csrf" value="(\w+)"', self.get(path).text)[1]
        body = {"csrf": token, **fields}
        return self.session.post(self.url + path, data=body, headers=headers, allow_redirects=False, timeout=300)

    def sign_in(self, name, password=GOOD, code=""):
        return self.post("/sign-in", name=name, password=password, code=code)

    def keep(self, cookie, value):
        self.session.cookies.set(cookie, value, domain="127.0.0.1", path="/")

    @property
    def staff(self):
        return self.session.cookies.get("staff", "").split(".")[0]


def signed_in(accounts, browser):
    return accounts.session(session_id(browser.staff), datetime.now(UTC))


def test_the_right_password_leads_to_the_first_page_of_the_role(server, accounts, name):
    accounts.add(f"{name}-admin", "admin", "operator", datetime.now(UTC), GOOD)
    accounts.add(f"{name}-exporter", "exporter", "operator", datetime.now(UTC), GOOD)
    for suffix, page in (("", "/worklist"), ("-admin", "/accounts"), ("-exporter", "/exports")):
        browser = Browser(server)
        answer = browser.sign_in(name + suffix)
        assert (answer.status_code, answer.headers["location"]) == (303, page)
        assert browser.get(page).status_code == 200
        assert signed_in(accounts, browser).account.name == name + suffix


def test_cookies_are_out_of_reach_of_scripts_and_secure_where_the_browser_came_by_https(server, name):
    for headers, secure in (
        ({}, False),
        ({"X-Forwarded-Proto": "https", "Origin": server.url.replace("http:", "https:")}, True),
    ):
        browser = Browser(server, **headers)
        page = browser.get("/sign-in")
        given = page.headers["set-cookie"].split(";")[0].split("=")
        browser.keep(*given)  # else kept back, being Secure
        assert given[0].startswith("__Host-") is secure
        answer = browser.sign_in(name)
        assert answer.status_code == 303, answer.text
        for cookie in answer.raw.headers.getlist("set-cookie"):
            assert "; HttpOnly" in cookie and "; SameSite=Lax" in cookie and ("; Secure" in cookie) is secure, (
                cookie.split("=")[0]
            )
        assert answer.headers["cache-control"] == "no-store"


def test_every_sign_in_is_a_new_session_and_ends_the_one_before(server, accounts, name):
    browser = Browser(server)
    planted = "A" * 43
    browser.keep("staff", planted)
    browser.sign_in(name)
    first = browser.staff
    assert first != planted and accounts.session(session_id(planted), datetime.now(UTC)) is None
    browser.sign_in(name)
    assert browser.staff != first and accounts.session(session_id(first), datetime.now(UTC)) is None


def test_signing_out_ends_the_session_on_the_server_and_a_kept_cookie_is_worth_nothing(server, accounts, name):
    browser = Browser(server)
    browser.sign_in(name)
    stolen = browser.staff
    assert browser.get("/sign-out").status_code == 200 and signed_in(accounts, browser), (
        "a link does not sign anybody out"
    )
    answer = browser.post("/sign-out")
    assert (answer.status_code, answer.headers["location"], browser.staff) == (303, "/sign-in", "")
    assert accounts.session(session_id(stolen), datetime.now(UTC)) is None


def test_what_is_wrong_is_said_once_above_the_form_and_nothing_typed_comes_back(server, name):
    browser = Browser(server)
    pages = [browser.sign_in(name, "wrong <b>password</b>"), browser.sign_in("nobody<script>")]
    assert {page.status_code for page in pages} == {401}
    shown = {re.search(r'role="alert".*?</div>', page.text, re.DOTALL)[0] for page in pages}
    assert len(shown) == 1 and "There is a problem" in shown.pop()
    assert not [page for page in pages if "<b>" in page.text or "nobody" in page.text or browser.staff]


def test_too_many_tries_have_to_wait_and_the_page_says_how_long(server, name):
    browser = Browser(server)
    texts = [browser.sign_in(name, "wrong").text for _ in range(8)]
    assert "Wait" not in texts[3] and re.search(r"Wait \d+ seconds? before", texts[-1])
    assert browser.sign_in(name).status_code == 401, "not even the right one is looked at too early"


FORGED = {
    "no token": {"csrf": ""},
    "a wrong token": {"csrf": "0" * 64},
    "an odd token": {"csrf": "é"},
    "another origin": {"headers": {"Origin": "http://evil.example"}},
    "a hidden origin": {"headers": {"Origin": "null"}},
    "no origin": {"headers": {"Origin": None}},
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_form_that_is_not_from_our_own_page_is_refused_with(forged, server, accounts, name):
    browser = Browser(server)
    assert browser.post("/sign-in", name=name, password=GOOD, **FORGED[forged]).status_code == 403
    assert not browser.staff
    browser.sign_in(name)
    assert browser.post("/sign-out", **FORGED[forged]).status_code == 403
    assert signed_in(accounts, browser)


def test_a_token_of_another_browser_is_refused(server, name):
    token = re.search(r'name="csrf" value="(\w+)"', Browser(server).get("/sign-in").text)[1]
    browser = Browser(server)
    browser.get("/sign-in")
    assert browser.post("/sign-in", csrf=token, name=name, password=GOOD).status_code == 403


def test_a_body_that_is_too_large_or_no_form_is_refused(server, name):
    browser = Browser(server)
    assert browser.sign_in(name, "x" * 9_000).status_code == 413
    assert browser.post("/sign-in", headers={"Content-Type": "application/json"}, name=name).status_code == 415
    assert browser.post("/sign-in", **{f"field{n}": "x" for n in range(20)}).status_code == 400
    odd = browser.session.post(
        browser.url + "/sign-in", data=b"name=\xff", headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert odd.status_code in (400, 403)


def test_a_body_without_a_length_is_counted_as_it_comes(server):
    place = urlsplit(server.url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=300)
    headers = {"Origin": server.url, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in", (b"x" * 1_000 for _ in range(10)), headers, encode_chunked=True)
    assert connection.getresponse().status == 413


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/sign-in/new/" + "a" * 43])
def test_only_looking_and_sending_a_form_are_allowed(method, path, server):
    assert requests.request(method, server.url + path, timeout=300).status_code == 405


def test_pages_cannot_be_kept_framed_or_scripted(server):
    for path in ("/sign-in", "/sign-out", "/sign-in/new/" + "a" * 43):
        answer = Browser(server).get(path)
        assert answer.headers["cache-control"] == "no-store" and answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin" and "<script" not in answer.text


def test_a_link_lets_a_person_choose_a_password_once(server, accounts, name):
    link = f"/sign-in/new/{accounts.link(name, 'operator', datetime.now(UTC))}"
    browser = Browser(server)
    assert name in browser.get(link).text
    assert "not the same" in browser.post(link, password=OTHER, again="else").text
    assert "too easy" in browser.post(link, password="password" * 3, again="password" * 3).text
    assert "Your password is saved" in browser.post(link, password=OTHER, again=OTHER).text
    assert browser.get(link).status_code == 404
    assert browser.sign_in(name).status_code == 401
    assert browser.sign_in(name, OTHER).status_code == 303


@pytest.fixture
def users(server, monkeypatch):
    monkeypatch.setenv("SCREENING_DATA", str(server.data))
    monkeypatch.setenv("SCREENING_PUBLIC_URL", server.url + "/")
    return lambda *arguments: CliRunner().invoke(app, ["users", *arguments])


def test_the_command_line_makes_accounts_and_looks_after_them_while_the_app_runs(server, accounts, name, users):
    made = users("add", f"{name}-new", "--role", "front-desk")
    assert made.exit_code == 0 and made.stdout.startswith(f"{server.url}/sign-in/new/")
    browser = Browser(server)
    browser.post(made.stdout.strip().removeprefix(server.url), password=OTHER, again=OTHER)
    assert browser.sign_in(f"{name}-new", OTHER).headers["location"] == "/worklist"
    assert users("role", f"{name}-new", "exporter").exit_code == 0 and signed_in(accounts, browser) is None
    assert f"{name}-new\texporter\tactive\tpassword\t" in users("list").stdout
    assert users("totp", f"{name}-new").stdout.startswith("otpauth://totp/")
    assert users("totp", f"{name}-new", "--off").exit_code == 0
    assert users("disable", f"{name}-new").exit_code == 0
    assert browser.sign_in(f"{name}-new", OTHER).status_code == 401
    assert users("enable", f"{name}-new").exit_code == 0
    assert browser.sign_in(f"{name}-new", OTHER).headers["location"] == "/exports"
    for wrong in (
        ["add", name, "--role", "admin"],
        ["add", "new", "--role", "root"],
        ["role", "nobody", "admin"],
        ["link", "nobody"],
    ):
        told = users(*wrong)
        assert told.exit_code == 2 and told.stderr.strip()


def test_a_process_for_patients_has_no_way_in_for_staff_and_one_for_staff_no_form(tmp_path, name, server):
    alone = start(tmp_path / "records", tmp_path / "log", SCREENING_ROLE="patient")
    staff = start(tmp_path / "records", tmp_path / "log", SCREENING_ROLE="staff")
    try:
        for path in (
            "/sign-in",
            "/sign-out",
            "/sign-in/new/" + "a" * 43,
            "/sign-in/oidc",
            "/sign-in/callback",
            "/worklist",
            "/accounts",
        ):
            assert requests.get(alone.url + path, timeout=300).status_code == 404, path
            assert requests.post(alone.url + path, timeout=300).status_code == 404, path
        assert [
            requests.get(staff.url + path, timeout=300).status_code
            for path in ("/welcome", "/pain", "/copy/" + "a" * 43)
        ] == [404] * 3
        first = requests.get(staff.url + "/sign-in", timeout=300).text
        assert "python -m screening users add NAME --role admin" in first and "<form" not in first
    finally:
        for one in (alone, staff):
            one.process.terminate()
            one.process.wait(20)


def test_a_person_changes_their_own_password_and_is_signed_out_everywhere_else(server, accounts, name):
    here, elsewhere = Browser(server), Browser(server)
    for browser in (here, elsewhere):
        browser.sign_in(name)
    assert "signed in in 2 browsers" in here.get("/sign-in/account").text
    for wrong in (
        {"current": "not this one", "password": OTHER, "again": OTHER},
        {"current": GOOD, "password": OTHER, "again": GOOD},
        {"current": GOOD, "password": "short", "again": "short"},
    ):
        answer = here.post("/sign-in/account", **wrong)
        assert answer.status_code == 422 and "There is a problem" in answer.text and signed_in(accounts, elsewhere)
    assert here.post("/sign-in/account", current=GOOD, password=OTHER, again=OTHER).status_code == 303
    assert signed_in(accounts, here) and not signed_in(accounts, elsewhere)
    assert Browser(server).sign_in(name, GOOD).status_code == 401
    assert Browser(server).sign_in(name, OTHER).status_code == 303


def test_a_person_ends_their_sessions_elsewhere_with_the_same_password(server, accounts, name):
    here, elsewhere = Browser(server), Browser(server)
    for browser in (here, elsewhere):
        browser.sign_in(name)
    assert here.post("/sign-in/account", current=GOOD, password="", again="").status_code == 303
    assert signed_in(accounts, here) and not signed_in(accounts, elsewhere)
    assert Browser(server).get("/sign-in/account").status_code == 303, "nobody's account is not shown"


@pytest.fixture(scope="module")
def strict(tmp_path_factory):
    """A clinic whose exporters need a second step."""
    place = tmp_path_factory.mktemp("strict")
    content = place / "content"
    shutil.copytree(SHIPPED, content)
    site = content / "site.yaml"
    site.write_text(
        site.read_text("utf-8").replace("\nstaff:\n", "\nstaff:\n  second_step_for: [exporter]\n", 1), "utf-8"
    )
    with running(place, SCREENING_ROLE="staff", SCREENING_CONTENT=str(content)) as started:
        yield started


@pytest.mark.slow
def test_a_role_that_needs_a_second_step_sets_it_up_at_the_next_sign_in(strict):
    accounts, now = accounts_of(strict), datetime.now(UTC)
    accounts.add("eve", "exporter", "operator", now, GOOD)
    accounts.add("ana", "clinician", "operator", now, GOOD)
    assert Browser(strict).sign_in("ana").status_code == 303
    browser = Browser(strict)
    page = browser.sign_in("eve")
    assert page.status_code == 200 and "Set up your second step" in page.text and not browser.staff
    fields = dict(re.findall(r'name="(csrf|waiting)" value="([^"]+)"', page.text))
    totp = pyotp.TOTP(re.search(r"<code>(\w+)</code>", page.text)[1])
    wrong = browser.post("/sign-in/second-step", code="000000", **fields)
    assert wrong.status_code == 401 and totp.secret in wrong.text and not browser.staff
    assert (
        browser.post("/sign-in/second-step", code=totp.now(), csrf=fields["csrf"], waiting="x" * 200).status_code == 303
    )
    assert not browser.staff
    assert browser.post("/sign-in/second-step", code=totp.now(), **fields).headers["location"] == "/exports"
    assert signed_in(accounts, browser).account.has_totp
    assert browser.post("/sign-in/second-step", code=totp.now(), **fields).status_code == 403, "once"
    assert Browser(strict).sign_in("eve").status_code == 401, "from now on never without a code"
