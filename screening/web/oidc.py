"""Sign-in by the clinic's own identity service (OpenID Connect: code flow with PKCE, state and nonce). Off unless it is
set.

Settings say where it is: oidc_... and public_url. Nothing is asked of it before somebody presses the button.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from screening.records.accounts.account import Subject
from screening.settings import EnvironmentProblem, Settings

SECONDS = 600
_TIMEOUT = 10
_LEEWAY = 60
_METADATA_LASTS = 3_600
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # signatures by a key pair only


class OidcProblem(Exception):
    """The identity service, or whoever came back from it, did not do what was agreed. Holds no token and no claim."""


@dataclass
class Provider:
    """One identity service."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    words: str
    redirect_uri: str
    trust_addresses: bool = False
    max_age: int | None = None
    acr: str = ""

    def __post_init__(self) -> None:
        self._metadata: dict[str, Any] = {}
        self._asked = 0.0

    def begin(self, visitor: str, anew: bool = False) -> tuple[str, str]:
        """Where to send a browser, and what it must bring back. visitor: whom its cookie proves; anew: somebody signed
        out here, so whoever comes now must sign in at the service again. Raises OidcProblem.

        Nothing is kept here, so that many who begin cannot crowd out those who come back.
        """
        state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        try:
            with self._session() as session:
                address, _ = session.create_authorization_url(
                    self._place(session, "authorization_endpoint"),
                    state=state,
                    nonce=nonce,
                    code_verifier=verifier,
                    **self._how(anew),
                )
        except (OAuthError, RequestException, KeyError, ValueError, TypeError) as error:
            raise OidcProblem(type(error).__name__) from None
        now = int(time.time())
        since = now if anew else now - self.max_age if self.max_age is not None else 0
        return str(address), ".".join((visitor, state, nonce, verifier, str(now + SECONDS), str(since)))

    def _how(self, anew: bool) -> dict[str, str]:
        asked = {"acr_values": self.acr} if self.acr else {}
        if self.max_age is not None:
            asked["max_age"] = "0" if anew else str(self.max_age)
        return asked | ({"prompt": "login"} if anew else {})

    def end(self) -> str:
        """Where a browser ends its session at the service; empty where it has no such place, or is not there."""
        try:
            with self._session() as session:
                place = self._place(session, "end_session_endpoint")
        except (OAuthError, OidcProblem, RequestException, KeyError, ValueError, TypeError):
            return ""
        back = {"client_id": self.client_id, "post_logout_redirect_uri": self.redirect_uri.removesuffix("/callback")}
        return f"{place}{'&' if '?' in place else '?'}{urlencode(back)}"

    def finish(self, visitor: str, left: str, state: str, code: str) -> Subject:
        """Who came back, within ten minutes, in the browser that left. left: what it brings. Raises OidcProblem."""
        parts = left.split(".")
        if len(parts) != 6 or not visitor:
            raise OidcProblem("state")
        who, expected, nonce, verifier, until, since = parts
        same = secrets.compare_digest(f"{who}.{expected}".encode(), f"{visitor}.{state}".encode())
        if not same or int(until) < time.time():
            raise OidcProblem("state")
        try:
            with self._session() as session:
                token = session.fetch_token(self._place(session, "token_endpoint"), code=code, code_verifier=verifier)
                answer = session.get(self._place(session, "jwks_uri"), withhold_token=True)
                answer.raise_for_status()
                keys = KeySet.import_key_set(answer.json())
            return self._subject(str(token["id_token"]), keys, nonce, int(since))
        except (OAuthError, RequestException, JoseError, KeyError, ValueError, TypeError) as error:
            raise OidcProblem(type(error).__name__) from None

    def _subject(self, id_token: str, keys: KeySet, nonce: str, since: int = 0) -> Subject:
        """The person an identity token names (OpenID Connect Core 3.1.3.7). since: when they must have signed in there,
        in seconds since 1970. Raises JoseError or OidcProblem."""
        claims = jwt.decode(id_token, keys, algorithms=_ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True},
        ).validate(claims)
        if (
            claims.get("azp", self.client_id) != self.client_id
            or not isinstance(claims["sub"], str)
            or not claims["sub"]
        ):
            raise OidcProblem("claims")
        signed_in = claims.get("auth_time", since if self.max_age is None else None)
        if not isinstance(signed_in, int) or signed_in < since - _LEEWAY:
            raise OidcProblem("auth_time")
        if self.acr and claims.get("acr") not in self.acr.split():
            raise OidcProblem("acr")
        email = claims.get("email")
        verified = (
            claims.get("email_verified", self.trust_addresses) is True
        )  # what the service says itself counts more
        return Subject(self.issuer, claims["sub"], email if isinstance(email, str) and verified else "")

    def _session(self) -> OAuth2Session:
        return OAuth2Session(
            self.client_id,
            self.client_secret,
            scope="openid email",
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            default_timeout=_TIMEOUT,
        )

    def _place(self, session: OAuth2Session, name: str) -> str:
        """An address from the service's own description of itself, which is read at most once an hour."""
        if not self._metadata or time.monotonic() > self._asked + _METADATA_LASTS:
            answer = session.get(self.issuer.rstrip("/") + "/.well-known/openid-configuration", withhold_token=True)
            answer.raise_for_status()
            found = answer.json()
            if found["issuer"] != self.issuer:
                raise OidcProblem("issuer")
            self._metadata, self._asked = found, time.monotonic()
        return _safe(str(self._metadata[name]))


def provider(settings: Settings) -> Provider:
    """The service of this clinic's settings. Raises EnvironmentProblem."""
    needed = ("oidc_issuer", "oidc_client_id", "public_url")
    if missing := [f"SCREENING_{name.upper()}" for name in needed if not getattr(settings, name)]:
        raise EnvironmentProblem(f"Sign-in by OpenID Connect also needs {' and '.join(missing)}.")
    try:
        _safe(settings.oidc_issuer)
        _safe(settings.public_url)
    except ValueError:
        raise EnvironmentProblem("SCREENING_OIDC_ISSUER and SCREENING_PUBLIC_URL must begin with https://.") from None
    return Provider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        _secret(settings),
        settings.oidc_name,
        f"{settings.public_url}/sign-in/callback",
        settings.oidc_trust_addresses,
        settings.oidc_max_age,
        settings.oidc_acr,
    )


def _secret(settings: Settings) -> str:
    file = settings.oidc_client_secret_file
    try:
        secret = file.read_text("utf-8").strip() if file else settings.oidc_client_secret
    except (OSError, UnicodeDecodeError):
        raise EnvironmentProblem("The file of SCREENING_OIDC_CLIENT_SECRET_FILE cannot be read.") from None
    if not secret:
        raise EnvironmentProblem(
            "Sign-in by OpenID Connect also needs SCREENING_OIDC_CLIENT_SECRET or SCREENING_OIDC_CLIENT_SECRET_FILE."
        )
    return secret


def _safe(address: str) -> str:
    """The address, if it is one that nobody on the way can read. Raises ValueError."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")):
        raise ValueError("not https")
    return address
