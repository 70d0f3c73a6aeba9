"""Statements: the exact bytes that the app shows; approvals/signed_decision.py signs over the whole of them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartident.clients.client import AuthenticationRequest

VERSION = 2
PURPOSE = "smartident-login"
_LONGEST = 64
_BROWSERS = (
    ("Edge", re.compile(r"Edg(?:e|A|iOS)?/")),
    ("Opera", re.compile(r"OPR/")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/")),
    ("Firefox", re.compile(r"Firefox/|FxiOS/")),
    ("Chrome", re.compile(r"Chrome/|CriOS/|Chromium/")),
    ("Safari", re.compile(r"Safari/")),
)
_SYSTEMS = (
    ("Android", re.compile(r"Android")),
    ("iPadOS", re.compile(r"iPad")),
    ("iOS", re.compile(r"iPhone")),
    ("Windows", re.compile(r"Windows")),
    ("macOS", re.compile(r"Mac OS X|Macintosh")),
    ("ChromeOS", re.compile(r"CrOS")),
    ("Linux", re.compile(r"Linux")),
)
UNKNOWN = "?"


@dataclass(frozen=True)
class RequestOrigin:
    """Who asks for a login, as far as the network knows: address, user agent, the page's origin, a language of ours.

    Place, country and network (its number, RFC 6793) are None where nobody knows them.
    """

    address: str
    agent: str
    origin: str
    language: str = "de"
    place: str | None = None
    country: str | None = None
    asn: int | None = None
    # A client's own word for where its person is, which no network of ours has seen.
    told_by_client: bool = False

    @property
    def where(self) -> str:
        """The place and the address, for people to recognise."""
        return where(self.place, self.address)


def where_asked(statement: str) -> str:
    """Where the login of a statement was asked for; empty for a decoy, which has none."""
    if not statement:
        return ""
    members = read_statement(statement)
    # What a client told is as good as the client: it is named with it.
    return where(members["client_name"] if "told_by_client" in members else members["place"], members["ip"])


def where(place: object, address: object) -> str:
    """A place, if anybody knows it, and an address, as a notice names them."""
    return f"{place} ({address})" if place else str(address)


def browser_of(agent: str) -> str:
    """The browser in a User-Agent header, or `?`."""
    return next((name for name, mark in _BROWSERS if mark.search(agent[:512])), UNKNOWN)


def system_of(agent: str) -> str:
    """The operating system in a User-Agent header, or `?`."""
    return next((name for name, mark in _SYSTEMS if mark.search(agent[:512])), UNKNOWN)


def seen_of(request_origin: RequestOrigin) -> dict[str, str | int | None]:
    """What a statement says of who asks: address, place, network where it is known, browser and system."""
    return {
        "ip": request_origin.address,
        "place": request_origin.place,
        **({"asn": request_origin.asn} if request_origin.asn else {}),
        "browser": browser_of(request_origin.agent),
        "os": system_of(request_origin.agent),
        **({"told_by_client": True} if request_origin.told_by_client else {}),
    }


def write_statement(
    *,
    login_id: str,
    asked: AuthenticationRequest,
    access_number: str,
    request_origin: RequestOrigin,
    requested_at: int,
    expires_at: int,
    nonce: str,
    binding_message: str | None = None,
) -> str:
    """The statement of a login, JSON; later checks compare these very bytes."""
    return json.dumps(
        {
            "v": VERSION,
            "purpose": PURPOSE,
            "login_id": login_id,
            **_client(asked),
            **({} if binding_message is None else {"binding_message": binding_message}),
            "origin": request_origin.origin[:_LONGEST] or UNKNOWN,
            "access_number": access_number,
            **seen_of(request_origin),
            "requested_at": requested_at,
            "expires_at": expires_at,
            "nonce": nonce,
        },
        separators=(",", ":"),
        ensure_ascii=False,
    )


def _client(asked: AuthenticationRequest) -> dict[str, str | None]:
    """Who asks; by name and host if its people log in at another's page, whose origin would tell nothing of it."""
    named = {"client_name": asked.name, "client_host": asked.host} if asked.name else {}
    return {"client": asked.client_id, **named}


def with_new_country(statement: str, *, is_new: bool) -> str:
    """The statement of a login from a country that its account never signed in from, or did: the app says it in red."""
    members = {name: value for name, value in json.loads(statement).items() if name != "new_country"}
    told = {**members, "new_country": True} if is_new else members
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def with_audit_log_head(statement: str, head: str) -> str:
    """The statement with the head of its account's audit log, so that the signature covers the earlier entries."""
    return json.dumps({**json.loads(statement), "audit_log": head}, separators=(",", ":"), ensure_ascii=False)


def read_statement(statement: str) -> dict[str, str | int | None]:
    """The members of a statement that we wrote."""
    members: dict[str, str | int | None] = json.loads(statement)
    return members
