"""What an operator says about a client, checked member by member; raises InvalidField."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from smartident.clients.changes import ClientNotFound, show_client
from smartident.clients.client_cache import is_client_id
from smartident_cli.invalid_field import InvalidField
from smartident_cli.visible import is_printable, visible
from smartident_client.wire import is_loopback

MAX_NAME_LENGTH = 64
MAX_URI_LENGTH = 2048
MAX_ENTRIES = 20
DEFAULT_PORTS = {"http": 80, "https": 443}
# What a browser leaves as it is (RFC 6454 section 6.2): an international name in its xn-- spelling.
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|[0-9a-f:]+")
_VISIBLE_ASCII = re.compile(r"[!-~]+")


def valid_client_id(text: str) -> str:
    """The id that a login names its client by."""
    if not is_client_id(text):
        raise InvalidField("client_id", "client_id_unfit")
    return text


def valid_client_name(text: str) -> str:
    """The name that people know the client by."""
    name = " ".join(visible(text).split())
    if not name or len(name) > MAX_NAME_LENGTH or not is_printable(name):
        raise InvalidField("name", "client_name_unfit")
    return name


def valid_origins(texts: Sequence[str]) -> tuple[str, ...]:
    """The origins of a client's pages, each once and as a browser sends it."""
    if not 0 < len(texts) <= MAX_ENTRIES:
        raise InvalidField("origin", "entries_unfit", most=MAX_ENTRIES)
    return tuple(dict.fromkeys(_origin(text) for text in texts))


def valid_redirect_uris(texts: Sequence[str], *, field: str = "redirect_uri") -> tuple[str, ...]:
    """Where people may be sent after they signed in, each once; the first is where `complete` sends them."""
    if not 0 < len(texts) <= MAX_ENTRIES:
        raise InvalidField(field, "entries_unfit", most=MAX_ENTRIES)
    for text in texts:
        if len(text) > MAX_URI_LENGTH or not _VISIBLE_ASCII.fullmatch(text) or "#" in text or not _base(text):
            raise InvalidField(field, "redirect_uri_unfit")
    return tuple(dict.fromkeys(texts))


def _origin(text: str) -> str:
    if len(text) > MAX_URI_LENGTH or _base(text) != text:
        raise InvalidField("origin", "origin_unfit")
    return text


def _base(uri: str) -> str | None:
    """The origin of an absolute URI, or None: HTTPS, or HTTP on this machine, and nobody's name or password."""
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    plain = parts.scheme == "http" and is_loopback(uri)
    if not (parts.scheme == "https" or plain) or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    shown = f"[{host}]" if ":" in host else host
    named = "" if port in {None, DEFAULT_PORTS[parts.scheme]} else f":{port}"
    return f"{parts.scheme}://{shown}{named}"


def known_client(client_id: str) -> str:
    """The id of an active client; raises InvalidField."""
    try:
        client = show_client(client_id)
    except ClientNotFound:
        raise InvalidField("client", "client_unknown") from None
    if not client.active:
        raise InvalidField("client", "client_unknown")
    return client.id
