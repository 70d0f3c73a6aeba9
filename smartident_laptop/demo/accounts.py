"""The people that the laptop stack knows from the start: one of each kind that the story needs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import httpx

from smartident_client.keystore import KeyStore
from smartident_client.phone import Phone
from smartident_client.sms import code_in
from smartident_laptop.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from smartident_laptop.moto.cloud import Sms
    from smartident_laptop.runtime.containers import Containers

# The client of OpenID Connect that is ready on every laptop; any program on it may pretend to be it.
DEMO_CLIENT, DEMO_SECRET = "demo", "demo-secret-of-this-laptop"
# The client behind the page /demo/ of the laptop.
DEMO_PAGE_CLIENT = "demo-page"
# A back end with passwords of its own (CIBA), and how its names for people begin: K-100200305.
DEMO_BANK_CLIENT, CUSTOMER = "demo-bank", "K-"
DEMO_REDIRECT_URIS = tuple(
    f"http://{host}:{port}/callback" for port in (3000, 8000, 8080) for host in ("localhost", "127.0.0.1")
)
SEED_HANDLER = "smartident_laptop.demo.seed.handler"
SEED_SECONDS = 30
DEVICE_NAME = "Miriams Telefon"


@dataclass(frozen=True)
class DemoClient:
    """A client beside the laptop's own: its pages, and where its people go after they signed in."""

    id: str
    name: str
    origins: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    # Only of one that speaks OpenID Connect.
    auth_method: str | None = None
    secret: str | None = None
    jwks: str | None = None
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str | None = None
    # Only of one that asks phones by itself: what it may, as its item holds it; its own names for access numbers.
    backchannel: str | None = None
    external_ids: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class DemoAccount:
    """Somebody with an account; the phone numbers are Germany's for film and theatre."""

    number: str
    password: str
    display_name: str
    email: str
    phone: str
    two_factor: bool
    kind: str

    @property
    def grouped_number(self) -> str:
        """The access number as people write it: 100 200 301."""
        return " ".join(self.number[start : start + 3] for start in range(0, len(self.number), 3))


ANNA = DemoAccount(
    "100200301",
    "Sommerregen-17",
    "Anna Berger",
    "anna.berger@example.org",
    "+4917604069011",
    two_factor=True,
    kind="noch ohne Telefon",
)
THOMAS = DemoAccount(
    "100200302",
    "Apfelbaum-28",
    "Thomas Keller",
    "keller@example.org",
    "+4917604069022",
    two_factor=True,
    kind="E-Mail geteilt",
)
SABINE = DemoAccount(
    "100200303",
    "Leuchtturm-39",
    "Sabine Keller",
    "keller@example.org",
    "+4917604069033",
    two_factor=True,
    kind="E-Mail geteilt",
)
JONAS = DemoAccount(
    "100200304",
    "Wanderschuh-46",
    "Jonas Weiß",
    "jonas.weiss@example.org",
    "+4917604069044",
    two_factor=False,
    kind="ohne zweiten Faktor",
)
MIRIAM = DemoAccount(
    "100200305",
    "Nachtigall-54",
    "Miriam Vogt",
    "miriam.vogt@example.org",
    "+4917604069055",
    two_factor=True,
    kind="mit Telefon",
)
DEMO_ACCOUNTS = (ANNA, THOMAS, SABINE, JONAS, MIRIAM)


def demo_clients(origins: Sequence[str], url: str, redirect_uris: Sequence[str] = ()) -> tuple[DemoClient, ...]:
    """The clients that are ready on this laptop, whose people log in at the laptop's own page."""
    return _demo_client(origins, redirect_uris), _demo_page_client(origins, url), _demo_bank_client(origins)


def _demo_bank_client(origins: Sequence[str]) -> DemoClient:
    """It knows two people by names of its own: it asks Miriam's phone, and may let in Anna's first one."""
    return DemoClient(
        *(DEMO_BANK_CLIENT, "Demo-Bank", tuple(origins), (DEMO_REDIRECT_URIS[0],), "client_secret_basic", DEMO_SECRET),
        backchannel=json.dumps({"issues_enrolment_codes": True}),
        external_ids=tuple((person.number, f"{CUSTOMER}{person.number}") for person in (ANNA, MIRIAM)),
    )


def _demo_page_client(origins: Sequence[str], url: str) -> DemoClient:
    page = f"{url}/demo/"
    # Only a service that runs on the loopback itself calls an address there.
    hears = f"{page}ended" if urlsplit(url).hostname in {"localhost", LOOPBACK} else None
    return DemoClient(
        *(DEMO_PAGE_CLIENT, "Demo-Seite", tuple(origins), (f"{page}callback",), "client_secret_basic", DEMO_SECRET),
        post_logout_redirect_uris=(page,),
        backchannel_logout_uri=hears,
    )


def _demo_client(origins: Sequence[str], redirect_uris: Sequence[str]) -> DemoClient:
    name, method = "Demo-Anwendung", "client_secret_basic"
    # The first one is what page and phone name.
    uris = tuple(dict.fromkeys((*redirect_uris, *DEMO_REDIRECT_URIS)))
    bye = tuple(dict.fromkeys(urljoin(uri, "/") for uri in uris))
    return DemoClient(DEMO_CLIENT, name, tuple(origins), uris, method, DEMO_SECRET, post_logout_redirect_uris=bye)


def seed(containers: Containers, people: Sequence[DemoAccount], clients: Sequence[DemoClient]) -> None:
    """Give everybody their account, and put every client into the table."""
    told = {"people": [asdict(account) for account in people], "clients": [asdict(client) for client in clients]}
    # Each has a password to hash, and a rehearsal of everything has hundreds of them.
    containers.call(SEED_HANDLER, told, name="Seed", timeout=SEED_SECONDS + len(people))


class OnThisLaptop(httpx.HTTPTransport):
    """Sends what is for the public URL to this laptop's own port: no tunnel must be up for it."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request, its Host header unchanged."""
        request.url = request.url.copy_with(scheme="http", host=LOOPBACK, port=self.port)
        return super().handle_request(request)


def enrol_phone(
    account: DemoAccount, *, url: str, port: int, sms_messages: Callable[[int], list[Sms]], file: Path
) -> None:
    """Enrol a simulated phone for somebody as the app does it, its keys in a file of mode 0600."""
    file.unlink(missing_ok=True)
    phone = Phone(url, KeyStore(file), transport=OnThisLaptop(port))
    try:
        seen = len(sms_messages(0))
        enrolment = phone.register(account.number, account.password, device_name=DEVICE_NAME)
        text = next(sms.text for sms in sms_messages(seen) if sms.phone == account.phone)
        phone.verify(enrolment, code_in(text))
    finally:
        phone.wire.close()
