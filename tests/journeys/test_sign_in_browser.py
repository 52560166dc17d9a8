"""Staff come in with a real browser: by link and password, with a code, by the clinic's identity service; and leave."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from oidc_provider_mock import User, run_server_in_thread

from tests.journeys.conftest import DESKTOP, PHONE, accounts_of, free_port, running
from tests.journeys.test_accessibility import AXE, TAGS

GOOD = "violet anchors hum quietly"
PERSON = User(sub="eva-1", claims={"email": "eva@clinic.example", "email_verified": True})


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    place = tmp_path_factory.mktemp("staff")
    port = free_port()
    with run_server_in_thread(user_claims=[PERSON]) as issuer:
        service = {
            "SCREENING_OIDC_ISSUER": f"http://localhost:{issuer.server_port}",
            "SCREENING_OIDC_CLIENT_ID": "intake",
        }
        service |= {"SCREENING_OIDC_CLIENT_SECRET": "s", "SCREENING_PUBLIC_URL": f"http://127.0.0.1:{port}"}
        with running(place, port, SCREENING_ROLE="both", **service) as started:
            yield started


@pytest.fixture(scope="module")
def accounts(server):
    found = accounts_of(server)
    found.add("ana", "clinician", "operator", datetime.now(UTC), GOOD)
    found.add("eva@clinic.example", "exporter", "operator", datetime.now(UTC))
    return found


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request, browser, server, accounts):
    context = browser.new_context(locale="en-US", base_url=server.url, **request.param)
    yield context.new_page()
    context.close()


def complaints(page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    problems = [f"{page.title()}: {one['id']} {one['nodes'][0]['target']}" for one in found["violations"]]
    if page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        problems.append(f"{page.title()}: wider than the screen")
    for target in page.locator("input:visible, button:visible, .button:visible").all():
        if target.bounding_box()["height"] < 44:
            problems.append(f"{page.title()}: a target less than 44 pixels high")
    return problems


def staff_cookie(page):
    return next((one for one in page.context.cookies() if one["name"] == "staff"), None)


def sign_in(page, name, password, code=""):
    page.goto("/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_label("Code").fill(code)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()


def test_every_page_of_the_way_in_passes_axe_and_a_problem_takes_the_focus(page, accounts):
    errors = []
    page.on(
        "console",
        lambda said: errors.append(said.text) if "the server responded with a status of" not in said.text else None,
    )
    page.goto("/sign-in")
    found = complaints(page)
    sign_in(page, "ana", "not the right one")
    assert (
        page.title().startswith("Error: ")
        and page.evaluate("document.activeElement.textContent") == "There is a problem"
    )
    found += complaints(page)
    page.goto("/sign-out")
    found += complaints(page)
    page.goto("/sign-in/new/" + "a" * 43)
    found += complaints(page)
    accounts.add(f"new{datetime.now(UTC):%H%M%S%f}", "admin", "operator", datetime.now(UTC))
    name = next(one.name for one in accounts.all() if one.name.startswith("new"))
    page.goto(f"/sign-in/new/{accounts.link(name, 'operator', datetime.now(UTC))}")
    assert page.get_by_label("New password").get_attribute("autocomplete") == "new-password"
    found += complaints(page)
    assert found == [] and errors == []


def test_a_new_person_comes_in_by_a_link_with_the_keyboard_alone_and_leaves(page, accounts, server):
    name = f"link{datetime.now(UTC):%H%M%S%f}"
    accounts.add(name, "admin", "operator", datetime.now(UTC))
    page.goto(f"/sign-in/new/{accounts.link(name, 'operator', datetime.now(UTC))}")
    for words in (GOOD, GOOD):
        page.keyboard.press("Tab")
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your password is saved").wait_for()
    with page.expect_navigation():
        page.get_by_role("link", name="Go to the sign-in").click()
    for words in (name, GOOD):
        page.keyboard.press("Tab")
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts")
    cookie = staff_cookie(page)
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax" and cookie["expires"] == -1
    assert page.evaluate("document.cookie").count("staff") == 0
    page.goto("/sign-out")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert staff_cookie(page) is None


def test_with_a_second_step_a_code_is_asked_for_and_good_once(page, accounts):
    name = f"code{datetime.now(UTC):%H%M%S%f}"
    accounts.add(name, "clinician", "operator", datetime.now(UTC), GOOD)
    secret = parse_qs(urlsplit(accounts.set_totp(name, "operator", datetime.now(UTC))).query)["secret"][0]
    sign_in(page, name, GOOD)
    assert page.get_by_text("is not right").is_visible() and staff_cookie(page) is None
    code = pyotp.TOTP(secret).now()
    sign_in(page, name, GOOD, code)
    page.wait_for_url("**/worklist")
    page.context.clear_cookies(name="staff")
    sign_in(page, name, GOOD, code)
    assert page.get_by_text("is not right").is_visible() and staff_cookie(page) is None


def test_the_clinics_identity_service_signs_in_with_two_clicks(page):
    page.goto("/sign-in")
    page.get_by_role("link", name="Sign in with your clinic account").click()
    page.get_by_role("button", name="eva-1").click()
    page.wait_for_url("**/exports")
    assert staff_cookie(page)
