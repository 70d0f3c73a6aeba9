"""The API over HTTP: one request, one typed answer, or a refusal as an exception."""

import ipaddress
from collections.abc import Mapping
from typing import Any, Literal, Self, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

Language = Literal["de", "en"]
Answer = TypeVar("Answer")

TIMEOUT = 30
"""Seconds; an answer that hashes a password on a cold start takes a few."""


class WireError(Exception):
    """Something between us and the API did not work; the text is fit for a person's eyes."""


class Unreachable(WireError):  # noqa: N818  # a refusal is a noun: what the person sees
    """Nobody answered at this address."""


class NotAsPromised(WireError):  # noqa: N818
    """The answer is none that the API's description promises."""


class Refused(WireError):  # noqa: N818
    """The API refused (RFC 9457): the stable code, the person's title and what helps on."""

    def __init__(self, *, status: int, code: str, title: str, extras: Mapping[str, Any]) -> None:
        super().__init__(f"{code}: {title}")
        self.status = status
        self.code = code
        self.title = title
        self.extras = extras

    @property
    def server_time(self) -> int | None:
        """The server's clock, where the refusal tells it (`proof_stale`)."""
        told = self.extras.get("server_time")
        return told if isinstance(told, int) else None


class Problem(msgspec.Struct):
    """The members that every refusal has."""

    status: int
    code: str
    title: str


class Wire:
    """A connection to one API. Bodies and headers never enter an error text: they bear passwords and codes."""

    def __init__(
        self,
        url: str,
        *,
        language: Language = "de",
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.client = httpx.Client(
            headers={**(headers or {}), "Accept-Language": language},
            transport=transport,
            timeout=TIMEOUT,
            trust_env=not is_loopback(self.url),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self.client.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        answer: type[Answer],
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request and read its answer as this type (`type(None)` where none is promised)."""
        sent = {"Content-Type": "application/json"} if body is not None else {}
        try:
            response = self.client.request(
                method, self.url + path, content=body, headers={**sent, **(headers or {})}, params=query
            )
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise Unreachable(f"no answer from {self.url} ({type(error).__name__})") from None
        if not response.is_success:
            raise _refusal(response, what=f"{method} {path}")
        try:
            return msgspec.json.decode(response.content or b"null", type=answer)
        except msgspec.MsgspecError as error:
            raise NotAsPromised(f"{method} {path} answered {response.status_code}, but: {error}") from None


def is_loopback(url: str) -> bool:
    """Whether this address is this machine's own, which no proxy must see."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False  # no address at all, which the first request says
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refusal(response: httpx.Response, *, what: str) -> WireError:
    try:
        problem = msgspec.json.decode(response.content, type=Problem)
        extras: dict[str, Any] = msgspec.json.decode(response.content)
    except msgspec.MsgspecError:
        return NotAsPromised(f"{what} answered {response.status_code} without a problem document")
    return Refused(status=problem.status, code=problem.code, title=problem.title, extras=extras)
