"""The proxy's own answers: a page with the telephone while the app is down, limits, and a log that names nobody."""

from __future__ import annotations

import http.client
import string
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from screening.settings import ROOT
from screening.web.down_page import down_page
from tests.conftest import shipped
from tests.journeys.conftest import free_port

pytestmark = pytest.mark.slow


@dataclass
class Proxy:
    """nginx with our file and no app behind it."""

    port: int
    log: Path

    def get(self, path: str, host: str = "clinic.example", **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers={"Host": host, **headers})
        return connection.getresponse()


@pytest.fixture(scope="module")
def proxy(outside: Path) -> Iterator[Proxy]:
    port, nothing = free_port(), f"127.0.0.1:{free_port()}"
    run = outside / "proxy"
    run.mkdir()
    run.chmod(0o777)
    outside.chmod(0o755)
    (run / "down.html").write_text(down_page(shipped()), "utf-8")
    values = {"RUN": run, "MIME": "/etc/nginx/mime.types", "APP_1": nothing, "APP_2": nothing, "STAFF": nothing}
    values |= {
        "LISTEN": f"127.0.0.1:{port}",
        "TLS": "",
        "HOST": "clinic.example",
        "STAFF_HOST": "staff.example",
        "DOWN": run,
    }
    template = string.Template((ROOT / "deploy" / "nginx.conf.template").read_text("utf-8"))
    (run / "nginx.conf").write_text(template.safe_substitute(values), "utf-8")
    command = ["nginx", "-c", str(run / "nginx.conf"), "-g", "daemon off;"]
    with (run / "log").open("wb") as log, subprocess.Popen(command, stderr=log) as nginx:
        made = Proxy(port, run / "log")
        for _ in range(100):
            try:
                made.get("/")
                break
            except OSError:
                assert nginx.poll() is None, made.log.read_text()
                time.sleep(0.1)
        yield made
        nginx.terminate()


@pytest.mark.parametrize("host", ["clinic.example", "staff.example"])
def test_while_the_app_is_down_the_telephone_and_the_help_line_stand_there_in_every_language(proxy, host):
    answer = proxy.get("/mood", host)
    body = answer.read().decode()
    assert answer.status == 502
    for language in shipped().languages:
        assert shipped().site.help.line[language] in body
    assert shipped().site.clinic.phone in body
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "includeSubDomains" in answer.headers["Strict-Transport-Security"]


def test_another_name_gets_no_answer(proxy):
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        proxy.get("/", "elsewhere.example")


def test_the_log_names_neither_people_nor_pages_nor_links(proxy):
    for path in ("/mood", "/sign-in/new/a-link-that-sets-a-password"):
        proxy.get(path, Referer="https://clinic.example/pregnancy", Cookie="visitor=abc").read()
    log = proxy.log.read_text()
    assert not any(word in log for word in ("mood", "pregnancy", "a-link", "abc", "clinic.example", "client:"))


def test_a_flood_from_one_address_is_turned_away_with_the_same_page(proxy):
    with ThreadPoolExecutor(8) as pool:
        floods = (list(pool.map(lambda _: proxy.get("/"), range(500))) for _ in range(10))
        turned_away = next(one for answers in floods for one in answers if one.status == 429)
    assert shipped().site.clinic.phone in turned_away.read().decode()
    assert "429" not in proxy.log.read_text()
