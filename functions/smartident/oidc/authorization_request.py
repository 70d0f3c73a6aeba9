"""What a client may ask at the authorization endpoint (OpenID Connect Core 3.1.2.1, RFC 7636), checked line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from smartident.oauth.oauth_errors import RedirectedError, Unredirectable
from smartident.oauth.refresh_tokens import OFFLINE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.clients.client import Client

OPENID = "openid"
SCOPES = (OPENID, "profile", "email", OFFLINE)
PROMPTS = {"none", "login", "consent", "select_account"}
# Some clients seal what they have to remember into `state`: ASP.NET Core and Cognito come near a thousand.
MAX_STATE, MAX_ACR_VALUES, MAX_NONCE, MAX_HINT = 2048, 512, 255, 254
# SHA-256 in base64url (RFC 7636 4.2).
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VISIBLE = re.compile(r"[ -~]+")
_SECONDS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class AuthorizationRequest:
    """A request that may go on: everything that the code and the answer will be bound to."""

    client_id: str
    redirect_uri: str
    scope: str
    code_challenge: str
    state: str | None
    nonce: str | None
    acr_values: str
    login_hint: str | None
    prompt: str
    # The key of which the code's tokens will be (RFC 9449 10).
    dpop_jkt: str | None = None
    # Whom the client expects, by an id_token of ours, and how long ago that person may have logged in.
    subject: str | None = None
    max_age: int | None = None


def check_client(client: Client | None, parameters: Mapping[str, str]) -> Client:
    """The client, whose own redirect URI is asked for, letter by letter; raises Unredirectable."""
    if client is None or not client.uses_oauth:
        raise Unredirectable("unknown client_id")
    if parameters.get("redirect_uri") not in client.redirect_uris:
        raise Unredirectable("redirect_uri is none of the client's")
    return client


def check_request(client: Client, parameters: Mapping[str, str], *, issuer: str) -> AuthorizationRequest:
    """The request of a client whose redirect URI is its own; raises RedirectedError, which names the parameter."""
    asked = _Checks(parameters)
    asked.check_no_request_object()
    asked.check_response()
    scope = asked.scope(offline_access=client.offline_access)
    asked.check_prompt()
    return AuthorizationRequest(
        client_id=client.id,
        redirect_uri=parameters["redirect_uri"],
        scope=scope,
        code_challenge=asked.code_challenge(),
        state=asked.state,
        nonce=asked.visible("nonce", MAX_NONCE),
        acr_values=asked.visible("acr_values", MAX_ACR_VALUES) or "",
        login_hint=(parameters.get("login_hint") or "")[:MAX_HINT] or None,
        prompt=parameters.get("prompt", ""),
        dpop_jkt=asked.dpop_jkt(),
        subject=asked.subject(issuer, client.id),
        max_age=asked.max_age(),
    )


def refuse_repeated(client: Client | None, once: Mapping[str, str]) -> NoReturn:
    """Tell the client that it sent a parameter twice (RFC 6749 4.1.2.1), unless that leaves in doubt where it is.

    `once` is what came once. Raises RedirectedError or Unredirectable.
    """
    told = "a parameter is there twice"
    try:
        check_client(client, once)
    except Unredirectable:
        raise Unredirectable(told) from None
    _Checks(once).refuse("invalid_request", told)


def known_scopes(scope: str, *, offline_access: bool) -> str | None:
    """Those that we know, each once, in our order, and None without `openid`; refresh tokens only where allowed."""
    asked = set(scope.split(" "))
    granted = asked if offline_access else asked - {OFFLINE}
    return " ".join(one for one in SCOPES if one in granted) if OPENID in asked else None


def check_may_ask(request: AuthorizationRequest) -> None:
    """Raise RedirectedError for a request that must show nothing, where the person would have to log in."""
    if "none" in request.prompt.split():
        told = "the person must log in"
        raise RedirectedError("login_required", told, redirect_uri=request.redirect_uri, state=request.state)


class _Checks:
    """One request under examination."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        self.parameters = parameters
        self.state: str | None = None
        self.state = self.visible("state", MAX_STATE)

    def refuse(self, error: str, description: str) -> NoReturn:
        """Send the client an error at its redirect URI."""
        raise RedirectedError(error, description, redirect_uri=self.parameters["redirect_uri"], state=self.state)

    def visible(self, name: str, most: int) -> str | None:
        """A parameter of visible ASCII, or None; a longer one is refused and never cut."""
        value = self.parameters.get(name)
        if value is not None and (len(value) > most or not _VISIBLE.fullmatch(value)):
            self.refuse("invalid_request", f"{name} has other characters than ASCII, or more than {most}")
        return value

    def check_no_request_object(self) -> None:
        """Ignoring a request object would ignore what its signature protects."""
        for name in ("request", "request_uri"):
            if name in self.parameters:
                self.refuse(f"{name}_not_supported", f"{name} is not supported")

    def check_response(self) -> None:
        """The code, and in the query alone."""
        if "response_type" not in self.parameters:
            self.refuse("invalid_request", "response_type is missing")
        if self.parameters["response_type"] != "code":
            self.refuse("unsupported_response_type", "response_type must be code")
        if self.parameters.get("response_mode", "query") != "query":
            self.refuse("invalid_request", "response_mode must be query")

    def scope(self, *, offline_access: bool) -> str:
        """The scopes that we know, each once, in our order; the others are ignored (RFC 6749 3.3).

        So is offline_access for a client that the operator allows no refresh tokens.
        """
        scope = known_scopes(self.parameters.get("scope", ""), offline_access=offline_access)
        if scope is None:
            self.refuse("invalid_scope", "scope must contain openid")
        return scope

    def code_challenge(self) -> str:
        """PKCE is not optional, and `plain` is no protection (RFC 9700 2.1.1)."""
        challenge = self.parameters.get("code_challenge", "")
        if self.parameters.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
            self.refuse("invalid_request", "PKCE with code_challenge_method S256 is required")
        return challenge

    def dpop_jkt(self) -> str | None:
        """The thumbprint of the client's key, if the code shall be bound to one."""
        thumbprint = self.parameters.get("dpop_jkt")
        if thumbprint is not None and not _CHALLENGE.fullmatch(thumbprint):
            self.refuse("invalid_request", "dpop_jkt is no SHA-256 thumbprint in base64url")
        return thumbprint

    def check_prompt(self) -> None:
        """One that we know, and `none` alone."""
        prompts = self.parameters.get("prompt", "").split()
        if not set(prompts) <= PROMPTS or ("none" in prompts and len(prompts) > 1):
            self.refuse("invalid_request", "prompt has values that we do not know, or none beside another")

    def max_age(self) -> int | None:
        """For how many seconds a login counts for this client."""
        asked = self.parameters.get("max_age")
        if asked is not None and not _SECONDS.fullmatch(asked):
            self.refuse("invalid_request", "max_age is no number of seconds")
        return None if asked is None else int(asked)

    def subject(self, issuer: str, client_id: str) -> str | None:
        """Whom an id_token of ours names, which the client got before."""
        hint = self.parameters.get("id_token_hint")
        if hint is None:
            return None
        from smartident.oidc.id_token_hint import read_hint  # noqa: PLC0415  loads JOSE, which few requests need

        told = read_hint(hint, issuer=issuer, client_id=client_id)
        if told is None:
            self.refuse("invalid_request", "id_token_hint is no id_token of ours for this client")
        return told.subject
