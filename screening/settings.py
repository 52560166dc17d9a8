"""The settings of a process: where things are and whom it serves, read from the environment once and checked."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_HERE = Path(__file__).resolve().parent
ROOT = _HERE / "shipped" if (_HERE / "shipped").is_dir() else _HERE.parent
"""Where app.py and content/ are: inside the package where it was installed from a wheel, beside it in a checkout."""

PREFIX = "SCREENING_"

Role = Literal["patient", "staff", "both"]
Place = Annotated[Path, AfterValidator(Path.expanduser)]
Address = Annotated[str, AfterValidator(lambda address: address.rstrip("/"))]


class EnvironmentProblem(Exception):
    """The machine or its settings are wrong. The message says what to do, in plain words."""


def _home(_: dict[str, Any]) -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "intake-screening"


def _beside(given: dict[str, Any]) -> Path:
    data: Path = given["data"]
    return data.with_name(f"{data.name}-keys")


class Settings(BaseModel):
    """Everything that may differ from one machine to the next. Each is an environment variable named SCREENING_ and the
    field in capitals; docs/operations.md has the same table, and a test compares them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    content: Place = Field(
        default=ROOT / "content", description="the content directory; if empty, the one of the program"
    )
    data: Place = Field(
        default_factory=_home,
        description="the directory of the records, created with mode 0700; if empty, `~/.local/share/intake-screening`",
    )
    keys: Place = Field(
        default_factory=_beside,
        description="the directory of the keys, apart from the records; if empty, the data directory's with `-keys`",
    )
    database: str = Field(
        default="", repr=False, description="`postgresql://user:password@host/name`; if empty, SQLite"
    )
    role: Role = Field(
        default="patient", description="whom this process serves; `serve --role` wins; if empty, `patient`"
    )
    witness: Place | None = Field(
        default=None,
        description="a second directory, best on another machine, where the audit trail's last lines are noted too",
    )
    proxies: str = Field(
        default="127.0.0.1",
        description="addresses or networks, with commas, of proxies whose `X-Forwarded-For` is believed; "
        "if empty, `127.0.0.1`",
    )
    public_url: Address = Field(
        default="", description="the address by which staff reach the app, for links and the identity service"
    )
    oidc_issuer: str = Field(
        default="",
        description="the address of the clinic's identity service, exactly as it calls itself; if empty, none",
    )
    oidc_client_id: str = Field(
        default="", description="the name it knows this app by; allow `<public address>/sign-in/callback` there"
    )
    oidc_client_secret: str = Field(default="", repr=False, description="the secret it shares with this app")
    oidc_client_secret_file: Place | None = Field(default=None, description="or the file that the secret is in")
    oidc_trust_addresses: bool = Field(
        default=False,
        description="`true` where the service checks every e-mail address that it gives out and never says so "
        "(Microsoft Entra sends no `email_verified`); if empty, `false`",
    )
    oidc_max_age: int | None = Field(
        default=None,
        ge=0,
        description="within how many seconds before somebody must have signed in at the service itself, which must "
        "send `auth_time`; if empty, it decides",
    )
    oidc_acr: str = Field(
        default="",
        description="how strongly they must have signed in there: values of `acr`, with spaces, of which one is "
        "needed; if empty, the service decides",
    )
    oidc_name: str = Field(
        default="Sign in with your clinic account",
        description="the words on the button; if empty, `Sign in with your clinic account`",
    )

    @field_validator("proxies")
    @classmethod
    def _named(cls, proxies: str) -> str:
        if "*" in proxies:
            raise ValueError("name the proxy's address or network: with `*` anybody could choose the address they have")
        return proxies

    @classmethod
    def at(cls, data: Path, content: Path = ROOT / "content", database: str = "") -> Settings:
        """The settings for a data directory; the keys lie beside it, never in it. The environment says nothing here."""
        return cls(content=content, data=data, database=database)

    @classmethod
    def from_environment(cls, **given: Any) -> Settings:
        """The settings of this process; what is given here wins. Raises EnvironmentProblem, which repeats no value."""
        for name in sorted(os.environ):
            if name.startswith(PREFIX) and name.removeprefix(PREFIX).lower() not in cls.model_fields:
                near = difflib.get_close_matches(name, variables(), 1, 0.8)
                raise EnvironmentProblem(
                    f"{name} is not a setting of this program." + (f" Did you mean {near[0]}?" if near else "")
                )
        try:
            return _FromEnvironment(**given)
        except ValidationError as error:
            wrong = (f"{PREFIX}{str(one['loc'][0]).upper()}: {one['msg']}." for one in error.errors())
            raise EnvironmentProblem(" ".join(wrong)) from None


class _FromEnvironment(Settings, BaseSettings):
    """See Settings.from_environment."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True)


def variables() -> dict[str, str]:
    """Every environment variable that this program reads, and what it means."""
    return {f"{PREFIX}{name.upper()}": field.description or "" for name, field in Settings.model_fields.items()}


_in_use: Settings | None = None


def use(settings: Settings) -> None:
    """Serve with these settings from now on: Streamlit makes the threads that pages run in, and hands them nothing."""
    global _in_use
    _in_use = settings


def in_use() -> Settings:
    """The settings that this process serves with. Raises EnvironmentProblem where it was not started by `serve`."""
    if _in_use is None:
        raise EnvironmentProblem("Please start this app with: make run")
    return _in_use
