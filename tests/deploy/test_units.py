"""What a clinic deploys: units, containers and the install script ask for no more than they need."""

from __future__ import annotations

import re

import pytest
import yaml

from screening.settings import ROOT, Settings, variables
from tests.conftest import command

DEPLOY = ROOT / "deploy"
UNIT = (DEPLOY / "systemd" / "intake-screening@.service").read_text("utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
CLOSED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "IPAddressDeny": "any",
    "LimitCORE": "0",
    "UMask": "0077",
}


@pytest.mark.parametrize("unit", ["intake-screening@.service", "intake-screening-daily.service"])
def test_a_unit_may_do_nothing_that_it_does_not_need(unit):
    lines = (DEPLOY / "systemd" / unit).read_text("utf-8").splitlines()
    said = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    assert {name: said.get(name) for name in CLOSED} == CLOSED


def test_what_faces_the_public_cannot_read_the_private_keys():
    assert "InaccessiblePaths=/var/lib/intake-screening/keys\n" in (DEPLOY / "systemd" / "patient.conf").read_text(
        "utf-8"
    )
    for name in ("app1", "app2"):
        assert "./keys-public:/state/keys:ro" in COMPOSE["services"][name]["volumes"]
        assert not any(volume.startswith("./keys:") for volume in COMPOSE["services"][name]["volumes"])


@pytest.mark.parametrize("role", ["patient", "staff"])
def test_the_settings_of_a_unit_are_settings_of_the_program(role):
    lines = (DEPLOY / "systemd" / f"{role}.env").read_text("utf-8").splitlines()
    said = dict(line.split("=", 1) for line in lines)
    assert said.keys() - {"PORT"} <= variables().keys()
    assert Settings(role=role).role == role
    assert said["PORT"].isdigit()


def test_every_service_is_bounded_and_closed():
    for name, service in COMPOSE["services"].items():
        assert {"mem_limit", "pids_limit", "security_opt", "restart"} <= service.keys(), name
        assert name in ("db", "proxy") or (service["cap_drop"], service["read_only"]) == (["ALL"], True), name


def test_no_password_stands_in_the_environment_and_no_role_is_superuser():
    for name, service in COMPOSE["services"].items():
        for variable, value in service.get("environment", {}).items():
            assert "PASSWORD" not in variable or variable.endswith("_FILE"), name
            assert not re.search(r"://[^/]*:[^/]*@", str(value)), name
    assert "NOSUPERUSER" in (DEPLOY / "database.sh").read_text("utf-8")


def test_the_proxy_is_given_every_variable_of_its_file():
    used = set(re.findall(r"\$\{([A-Z_0-9]+)\}", (DEPLOY / "nginx.conf.template").read_text("utf-8")))
    given = COMPOSE["services"]["proxy"]["environment"]
    assert used <= given.keys()
    assert set(re.findall(r"[A-Z_0-9]+", given["NGINX_ENVSUBST_FILTER"])) == used


def test_commands_in_comments_of_the_deployment_are_commands():
    text = "".join(path.read_text("utf-8") for path in DEPLOY.rglob("*") if path.is_file())
    for words in re.findall(r"(?:run --rm tools|--no-deps tools|bin/intake-screening) ([a-z-]+)", text):
        command(words, "--help")
