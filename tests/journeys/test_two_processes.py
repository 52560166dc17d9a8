"""Two app processes on one PostgreSQL behind nginx: one is killed in the middle of a journey, and the person goes on."""

from __future__ import annotations

import shutil
import signal
import string
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from screening.records.reader import PROGRAM
from screening.records.store import Store
from screening.settings import ROOT, Settings
from tests.journeys.conftest import Form, free_port, new_context, start


@pytest.fixture
def clinic(postgresql, tmp_path):
    """(address of nginx, the two servers, settings of the clinic)"""
    if not shutil.which("nginx"):
        pytest.fail("nginx is missing: make tools")
    settings = Settings.at(tmp_path / "staff", database=postgresql())
    store = Store.open(settings, opens=True)
    store.keys.share(tmp_path / "public")
    more = {"SCREENING_DATABASE": settings.database, "SCREENING_KEYS": str(tmp_path / "public")}
    servers = [start(tmp_path / f"data-{n}", tmp_path / f"log-{n}", **more) for n in (1, 2)]
    port = free_port()
    run = tmp_path / "nginx"
    run.mkdir()
    run.chmod(0o777)
    template = string.Template((ROOT / "deploy" / "nginx.conf.template").read_text())
    first, second = (server.url.removeprefix("http://") for server in servers)
    values = {
        "RUN": run,
        "MIME": "/etc/nginx/mime.types",
        "APP_1": first,
        "APP_2": second,
        "LISTEN": f"127.0.0.1:{port}",
        "TLS": "",
        "HOST": "127.0.0.1",
        "STAFF": first,
        "STAFF_HOST": "staff.localhost",
        "DOWN": run,
    }
    (run / "nginx.conf").write_text(template.safe_substitute(values))
    nginx = subprocess.Popen(
        ["nginx", "-c", str(run / "nginx.conf"), "-g", "daemon off;"], stderr=(run / "log").open("wb")
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{url}/ready", timeout=2)
            break
        except OSError:
            assert nginx.poll() is None, (run / "log").read_text()
            time.sleep(0.1)
    yield url, servers, store
    nginx.terminate()
    for server in servers:
        if server.process.poll() is None:
            server.process.terminate()
        server.process.wait(20)


def connections(server) -> int:
    """How many sockets the process has that somebody else opened to it."""
    port = f"{int(server.url.rpartition(':')[2]):04X}"
    lines = [line.split() for path in ("tcp", "tcp6") for line in Path("/proc/net", path).read_text().splitlines()]
    return sum(1 for line in lines if line[1].endswith(f":{port}") and line[3] == "01")


def test_one_of_two_processes_is_killed_and_the_person_goes_on(clinic, browser):
    url, servers, store = clinic
    context = new_context(browser)
    page = context.new_page()
    page.goto(url)
    form = Form(page, []).settle()
    form.start("Start", "Continue")
    form.write("full-name", "Ana Two")
    serving = max(servers, key=connections)
    assert connections(serving) and not (serving.data / "records.sqlite3").exists()
    serving.process.send_signal(signal.SIGKILL)
    serving.process.wait(20)
    form.press_until("Continue", "Your pain")
    while form.heading() != "Check your answers":
        form.press("Continue")
    page.evaluate("() => document.querySelectorAll('.check details').forEach((topic) => (topic.open = true))")
    assert "Ana Two" in page.locator("main").inner_text()
    form.press("Send to the clinic")
    reference = page.locator(".reference").inner_text().strip()
    assert [(one.reference, one.answers["full-name"]) for one in store.records(PROGRAM)] == [(reference, "Ana Two")]
    assert store.complaints() == []
    context.close()
