"""What a clinic deploys: units, containers and the install script ask for no more than they need."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from jsonschema import Draft7Validator

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
    made = (DEPLOY / "database.sh").read_text("utf-8")
    assert made.count("CREATE ROLE") == made.count("NOSUPERUSER") == 3


def test_the_compose_file_is_one_by_the_schema_of_its_makers():
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text("utf-8"))
    assert not list(Draft7Validator(schema).iter_errors(COMPOSE))
    wrong = {**COMPOSE, "services": {**COMPOSE["services"], "app1": {"imagee": "x"}}}
    assert list(Draft7Validator(schema).iter_errors(wrong)), "the schema has teeth"


def test_each_side_has_a_role_of_its_own_in_the_database_and_a_secret_that_is_there():
    roles = {}
    for name in ("app1", "app2", "staff", "tools"):
        service = COMPOSE["services"][name]
        roles[name] = urlsplit(service["environment"]["SCREENING_DATABASE"]).username
        assert {one["source"] for one in service["secrets"]} <= COMPOSE["secrets"].keys()
    assert roles == {"app1": "intake_patient", "app2": "intake_patient", "staff": "intake_staff", "tools": "clinic"}
    made = (DEPLOY / "database.sh").read_text("utf-8")
    for name in roles.values():
        assert f"CREATE ROLE {name} LOGIN NOSUPERUSER" in made, name
    granted = (DEPLOY / "sql" / "grant.sh").read_text("utf-8")
    assert "staff patient" in granted and "./sql:/roles:ro" in COMPOSE["services"]["db"]["volumes"]


def test_the_proxy_is_given_every_variable_of_its_file():
    used = set(re.findall(r"\$\{([A-Z_0-9]+)\}", (DEPLOY / "nginx.conf.template").read_text("utf-8")))
    given = COMPOSE["services"]["proxy"]["environment"]
    assert used <= given.keys()
    assert set(re.findall(r"[A-Z_0-9]+", given["NGINX_ENVSUBST_FILTER"])) == used


def test_commands_in_comments_of_the_deployment_are_commands():
    text = "".join(path.read_text("utf-8") for path in DEPLOY.rglob("*") if path.is_file())
    for words in re.findall(r"(?:run --rm tools|--no-deps tools|bin/intake-screening) ([a-z-]+)", text):
        command(words, "--help")
