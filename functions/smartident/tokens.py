"""Random things: ids, login tokens, and the socket tickets that hang on a token as a hash chain."""

from __future__ import annotations

import hashlib
import re
import secrets
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BinasciiError

from smartident.errors import InvalidRequest

# Of the WebSocket, which carries a ticket beside it.
SUBPROTOCOL = "smartident.v1"
TICKETS = 8
# A ticket is a SHA-256 in base64url; what the chain begins with is longer, holds the token, and is no ticket.
TICKET_LENGTH = 43
TOKEN_BYTES = 32
_FOREVER = 9_999_999_999
_ID = re.compile(r"([a-z0-9]{1,64})\.([A-Za-z0-9_-]{1,64})")


def encode(data: bytes) -> str:
    """Base64url without padding (RFC 7515 section 2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str, *, field: str) -> bytes:
    """The bytes of strict base64url without padding; raises InvalidRequest naming the field."""
    try:
        data = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (UnicodeEncodeError, BinasciiError):
        raise InvalidRequest(field=field) from None
    if encode(data) != text:
        raise InvalidRequest(field=field)
    return data


def random_id() -> str:
    """128 random bits as 26 lower-case letters and digits."""
    return b32encode(secrets.token_bytes(16)).rstrip(b"=").decode().lower()


def newest_first(time: int) -> str:
    """Ten digits that sort later times first, so that one Query reads what is recent and never what is old."""
    return f"{_FOREVER - time:010d}"


def time_of(part: str) -> int:
    """The time that `newest_first` began the part of an id with; the first of all for what bears none."""
    return _FOREVER - int(part[:10]) if part[:10].isdecimal() else 0


def split_id(name: str) -> tuple[str, str] | None:
    """The access and the part that a login's or registration's id is made of; none for what is no such id."""
    found = _ID.fullmatch(name)
    return (found[1], found[2]) if found else None


def digest(text: str) -> str:
    """SHA-256 as base64url: how a random secret stands in the table."""
    return encode(hashlib.sha256(text.encode()).digest())


def new_login_token() -> str:
    """256 random bits, the browser's only proof that a login is its own."""
    return encode(secrets.token_bytes(TOKEN_BYTES))


def first_ticket(login_token: str) -> str:
    """The first of the tickets that derive from a token; each next one is known to the token's owner alone."""
    ticket = digest("smartident-ticket:v1:" + login_token)
    for _ in range(TICKETS - 1):
        ticket = digest(ticket)
    return ticket


def earlier_tickets(ticket: str) -> list[str]:
    """What may stand in the table before this ticket is used: its hash, or that of links which got lost before it."""
    chain = [digest(ticket)]
    for _ in range(TICKETS - 1):
        chain.append(digest(chain[-1]))
    return chain


def random_digits(count: int) -> str:
    """A uniformly random decimal code."""
    return f"{secrets.randbelow(10**count):0{count}d}"
