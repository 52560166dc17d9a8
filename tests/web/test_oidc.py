"""Sign-in by a clinic's own identity service, against a real one that says what a test wants it to say."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey, RSAKey
from oidc_provider_mock import User, run_server_in_thread

from screening.records.accounts.sessions import session_id
from screening.settings import ROOT, EnvironmentProblem, Settings
from screening.web import oidc
from tests.journeys.conftest import accounts_of, free_port, running
from tests.web.test_sign_in import Browser

PEOPLE = [
    User(sub="eva-1", claims={"email": "eva@clinic.example", "email_verified": True}),
    User(sub="unsure", claims={"email": "unsure@clinic.example", "email_verified": False}),
    User(sub="stranger", claims={"email": "stranger@elsewhere.example", "email_verified": True}),
]


@pytest.fixture(scope="module")
def issuer():
    with run_server_in_thread(user_claims=PEOPLE, require_nonce=True) as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture(scope="module")
def server(tmp_path_factory, issuer):
    place = tmp_path_factory.mktemp("oidc")
    (place / "secret").write_text("a secret of the client\n")
    port = free_port()
    service = {
        "SCREENING_OIDC_ISSUER": issuer,
        "SCREENING_OIDC_CLIENT_ID": "intake",
        "SCREENING_OIDC_NAME": "Sign in with Harbor",
    }
    service |= {
        "SCREENING_OIDC_CLIENT_SECRET_FILE": str(place / "secret"),
        "SCREENING_PUBLIC_URL": f"http://127.0.0.1:{port}/",
    }
    with running(place, port, SCREENING_ROLE="staff", **service) as started:
        yield started


@pytest.fixture(scope="module")
def accounts(server):
    found = accounts_of(server)
    for name in ("eva@clinic.example", "unsure@clinic.example"):
        found.add(name, "exporter", "operator", datetime.now(UTC))
    return found


def leave(browser):
    """Press the button; where the service is asked."""
    answer = browser.get("/sign-in/oidc")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def come_back(browser, address, sub):
    """Be that person at the service; the path and query by which it sends the browser back."""
    back = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=300).headers["location"]
    assert back.startswith(f"{browser.url}/sign-in/callback?")
    return back.removeprefix(browser.url)


def test_the_way_there_and_back_signs_in_the_person_the_service_names(server, accounts):
    browser = Browser(server)
    assert "Sign in with Harbor" in browser.get("/sign-in").text
    address = leave(browser)
    asked = parse_qs(urlsplit(address).query)
    assert (
        asked["code_challenge_method"] == ["S256"]
        and asked["response_type"] == ["code"]
        and asked["scope"] == ["openid email"]
    )
    assert min(len(asked[one][0]) for one in ("state", "nonce", "code_challenge")) >= 43
    answer = browser.get(come_back(browser, address, "eva-1"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/exports")
    session = accounts.session(session_id(browser.staff), datetime.now(UTC))
    assert session.account.name == "eva@clinic.example" and session.account.has_subject


@pytest.mark.parametrize("sub", ["unsure", "stranger"])
def test_whoever_has_no_account_by_a_verified_address_is_told_to_ask(sub, server, accounts):
    browser = Browser(server)
    answer = browser.get(come_back(browser, leave(browser), sub))
    assert answer.status_code == 403 and "No account here" in answer.text and not browser.staff
    why = {"unsure": "address not verified by the service", "stranger": "no account of this address"}
    assert why[sub] in server.log.read_text()


def test_an_answer_is_taken_once_and_only_from_the_browser_that_left(server, accounts):
    browser, thief = Browser(server), Browser(server)
    thief.get("/sign-in")
    back = come_back(browser, leave(browser), "eva-1")
    assert thief.get(back).status_code == 400 and not thief.staff
    assert browser.get(back).status_code == 303, "a thief does not use it up"
    assert browser.get(back).status_code == 400


def test_what_was_not_agreed_is_refused_in_plain_words(server, accounts):
    browser = Browser(server)
    paths = [
        "/sign-in/callback",
        "/sign-in/callback?state=x&code=y",
        "/sign-in/callback?error=access_denied",
        re.sub(r"code=[^&]+", "code=wrong", come_back(browser, leave(browser), "eva-1")),
    ]
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code == 400 and "Please try once more" in answer.text and not browser.staff
    for path in ("/sign-in/oidc", "/sign-in/callback"):
        assert {
            requests.request(method, server.url + path, timeout=300).status_code for method in ("HEAD", "POST", "PUT")
        } == {405}


def test_the_log_holds_neither_token_nor_secret_nor_address(server, accounts):
    browser = Browser(server)
    back = come_back(browser, leave(browser), "eva-1")
    browser.get(back)
    log = server.log.read_text()
    secrets = [
        "a secret of the client",
        "eva@clinic.example",
        browser.staff,
        *(one[0] for one in parse_qs(urlsplit(back).query).values()),
    ]
    assert not [one for one in secrets if one in log]


def provided(issuer, **changes):
    given = {
        "issuer": issuer,
        "client_id": "intake",
        "client_secret": "s",
        "words": "w",
        "redirect_uri": "http://localhost/sign-in/callback",
    }
    return oidc.Provider(**{**given, **changes})


def coming_back(provider, began, visitor="me"):
    address, left = began
    back = requests.post(address, data={"sub": "eva-1"}, allow_redirects=False, timeout=20).headers["location"]
    found = parse_qs(urlsplit(back).query)
    return provider.finish(visitor, left, found["state"][0], found["code"][0])


def test_a_late_answer_and_one_without_a_cookie_are_refused(issuer, monkeypatch):
    provider = provided(issuer)
    assert coming_back(provider, provider.begin("me")).email == "eva@clinic.example"
    with pytest.raises(oidc.OidcProblem):
        coming_back(provider, provider.begin(""), "")
    monkeypatch.setattr(oidc, "SECONDS", -1)
    with pytest.raises(oidc.OidcProblem):
        coming_back(provider, provider.begin("me"))


def test_a_token_for_another_app_or_another_sign_in_is_refused(issuer):
    provider = provided(issuer)
    for spoil in ("client_id", "nonce"):
        address, left = provider.begin("me")
        if spoil == "nonce":
            address = re.sub(r"nonce=[^&]+", "nonce=other", address)
        else:
            address = re.sub(r"client_id=[^&]+", "client_id=other", address)
        with pytest.raises(oidc.OidcProblem):
            coming_back(provider, (address, left))


def test_however_many_begin_who_left_before_comes_back(issuer):
    provider = provided(issuer)
    waiting = provider.begin("me")
    for number in range(2_001):
        provider.begin(f"other {number}")
    assert coming_back(provider, waiting).email == "eva@clinic.example"


def test_a_service_that_calls_itself_otherwise_or_is_not_there_is_a_problem_and_no_crash(issuer):
    for wrong in (issuer + "/", f"http://localhost:{free_port()}"):
        with pytest.raises(oidc.OidcProblem):
            provided(wrong).begin("me")


KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": "one"}) for _ in range(2))
SECRET = OctKey.import_key("a secret that both sides know, long enough", {"kid": "two"})


def signed(claims=None, key=KEY, algorithm="RS256"):
    now = int(time.time())
    usual = {"iss": "https://id.example", "aud": "intake", "sub": "eva", "nonce": "n", "iat": now, "exp": now + 60}
    return jwt.encode({"alg": algorithm, "kid": key.kid}, {**usual, **(claims or {})}, key, algorithms=[algorithm])


def named(token, **changes):
    return provided("https://id.example", **changes)._subject(token, KeySet([KEY, SECRET]), "n")


def test_a_token_that_is_in_order_names_a_person_and_only_a_verified_address():
    assert (named(signed()).name, named(signed()).email) == ("eva", "")
    for verified, email in ((True, "e@x.org"), (False, ""), ("true", ""), (None, "")):
        assert named(signed({"email": "e@x.org", "email_verified": verified})).email == email
    assert named(signed({"email": ["e@x.org"], "email_verified": True})).email == ""


@pytest.mark.parametrize(
    "said, taken", [({}, True), ({"email_verified": False}, False), ({"email_verified": "no"}, False)]
)
def test_a_service_that_is_trusted_for_addresses_may_be_silent_and_is_believed_when_it_says_no(said, taken):
    token = signed({"email": "e@x.org", **said})
    assert bool(named(token, trust_addresses=True).email) is taken
    assert named(token).email == ""


def test_a_sign_in_there_that_is_too_long_ago_or_too_weak_is_refused_where_the_clinic_asks():
    now = int(time.time())
    at = {"recent": now - 60, "old": now - 900, "silent": None}
    taken = set()
    for name, moment in at.items():
        token = signed({"auth_time": moment} if moment else {})
        for since in (0, now - 300):
            try:
                provided("https://id.example", max_age=300)._subject(token, KeySet([KEY, SECRET]), "n", since)
                taken.add((name, since > 0))
            except oidc.OidcProblem:
                pass
    assert taken == {("recent", False), ("recent", True), ("old", False)}
    assert named(signed({"acr": "mfa"}), acr="phr mfa").name == "eva"
    for weak in ({}, {"acr": "pwd"}):
        with pytest.raises(oidc.OidcProblem):
            named(signed(weak), acr="phr mfa")


class Described(BaseHTTPRequestHandler):
    """A service that only describes itself."""

    def do_GET(self):
        place = f"http://localhost:{self.server.server_port}"
        said = {"issuer": place, "authorization_endpoint": f"{place}/a", "end_session_endpoint": f"{place}/end?x=1"}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, *_):
        pass


def test_who_signed_out_here_signs_in_there_again_and_can_end_the_session_there():
    with ThreadingHTTPServer(("localhost", 0), Described) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        place = f"http://localhost:{serving.server_port}"
        asked = {}
        for anew in (False, True):
            address, left = provided(place, max_age=3_600, acr="mfa").begin("me", anew)
            asked[anew] = parse_qs(urlsplit(address).query)
            assert int(left.split(".")[5]) == pytest.approx(time.time() - (0 if anew else 3_600), abs=60)
        assert (asked[False]["max_age"], asked[False]["acr_values"]) == (["3600"], ["mfa"])
        assert (asked[True]["max_age"], asked[True]["prompt"]) == (["0"], ["login"]) and "prompt" not in asked[False]
        ended = urlsplit(provided(place).end())
        assert ended.path == "/end" and parse_qs(ended.query) == {
            "x": ["1"],
            "client_id": ["intake"],
            "post_logout_redirect_uri": ["http://localhost/sign-in"],
        }
        serving.shutdown()
    assert provided("http://localhost:9").end() == ""


def test_signing_out_is_remembered_by_the_browser_for_the_next_way_to_the_service(server, accounts):
    browser = Browser(server)
    assert "prompt" not in parse_qs(urlsplit(leave(browser)).query)
    browser.get(come_back(browser, leave(browser), "eva-1"))
    page = browser.post("/sign-out")
    assert page.status_code == 200 and "/oauth2/end_session?client_id=intake" in page.text and not browser.staff
    assert parse_qs(urlsplit(leave(browser)).query)["prompt"] == ["login"]


SPOILT = {
    "another service": {"iss": "https://other.example"},
    "another app": {"aud": "other"},
    "another app as well": {"aud": ["intake", "o"], "azp": "o"},
    "another sign-in": {"nonce": "other"},
    "no nonce": {"nonce": None},
    "too old": {"exp": 1},
    "from the future": {"iat": 9e12},
    "nobody": {"sub": ""},
    "no name": {"sub": 7},
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_token_is_refused_that_is_for_or_from(spoilt):
    with pytest.raises((JoseError, oidc.OidcProblem)):
        named(signed(SPOILT[spoilt]))


def test_a_token_is_refused_that_the_services_key_pair_has_not_signed():
    head, body, signature = signed().split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","kid":"one"}').decode().rstrip("=")
    forged = [
        signed(key=OTHER_KEY),
        f"{none}.{body}.",
        f"{head}.{body}.",
        f"{head}.{body[:-2]}AA.{signature}",
        signed(key=SECRET, algorithm="HS256"),
        "",
        "a.b.c",
    ]
    for token in forged:
        with pytest.raises((JoseError, ValueError)):
            named(token)


COMPLETE = {
    "SCREENING_OIDC_ISSUER": "https://id.example",
    "SCREENING_OIDC_CLIENT_ID": "intake",
    "SCREENING_OIDC_CLIENT_SECRET": "s",
    "SCREENING_PUBLIC_URL": "https://intake.example",
}


@pytest.mark.parametrize(
    "change",
    [{name: ""} for name in COMPLETE if name != "SCREENING_OIDC_ISSUER"]
    + [{"SCREENING_OIDC_ISSUER": "http://id.example"}, {"SCREENING_PUBLIC_URL": "http://intake.example"}]
    + [{"SCREENING_OIDC_CLIENT_SECRET_FILE": "/nowhere"}],
)
def test_half_a_setting_is_said_at_start(change, monkeypatch):
    for name, value in {**COMPLETE, **change}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(EnvironmentProblem, match=next(iter(change))):
        oidc.provider(Settings.from_environment())


def test_whole_settings_are_taken_and_the_secret_is_not_shown(monkeypatch):
    for name, value in {**COMPLETE, "SCREENING_OIDC_CLIENT_SECRET": "very-secret"}.items():
        monkeypatch.setenv(name, value)
    found = oidc.provider(Settings.from_environment())
    assert found.redirect_uri == "https://intake.example/sign-in/callback" and "very-secret" not in repr(found)


def test_without_a_service_nothing_of_it_is_loaded():
    code = "import sys, screening.web.server, screening.web.sign_in; print([m for m in sys.modules if m.startswith(('authlib', 'joserfc', 'httpx'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
