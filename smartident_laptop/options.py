"""The options of `make run`: what a developer says about pages, clients, parameters and addresses of the own laptop."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from smartident_laptop.demo.accounts import DemoClient
from smartident_laptop.intrinsics import load
from smartident_laptop.parameters import ParameterUnfit, checked
from smartident_laptop.template import TEMPLATE

EXAMPLES = """\
examples:
  make run ARGS="--origin http://localhost:5173 --client app=http://localhost:5173/done"
  make run ARGS="--redirect-uri http://localhost:5050/oauth2/authorize"
  make run ARGS="--set UnansweredLogins=100 --set TransferCodeDigits=0"
  make run ARGS="--public-url https://abc.tunnel.example"

docs/laptop.md tells how a real phone, an emulator and a page of your own reach it.
"""
MAX_PORT = 65_535
_CLIENT_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")


@dataclass(frozen=True)
class Options:
    """What `make run` was told, ready for the stack."""

    port: int = 8080
    cloud_port: int = 0
    parameters: dict[str, str] = field(default_factory=dict)
    clients: tuple[DemoClient, ...] = ()
    origins: tuple[str, ...] = ()
    redirect_uris: tuple[str, ...] = ()
    public_url: str = ""
    lan: bool = False
    reloads: bool = True
    logs: bool = False
    child: bool = False


def read_options(arguments: list[str]) -> Options:
    """The options of a command line; ends the program with a sentence about one that does not fit."""
    parser = _parser()
    told = parser.parse_args(arguments)
    if told.lan and not told.public_url:
        parser.error("--lan needs --public-url: the address at which the phone reaches this laptop")
    own_client = str(told.set.get("ClientId", load(TEMPLATE)["Parameters"]["ClientId"]["Default"]))
    ids = [own_client, *(client for client, _ in told.client)]
    if len(set(ids)) < len(ids):
        parser.error(f"--client: {own_client} is the laptop's own client (--set ClientRedirectUri=…), others once each")
    clients = tuple(
        DemoClient(client, client, tuple(dict.fromkeys((origin_of(uri), *told.origin))), (uri,))
        for client, uri in told.client
    )
    return Options(
        port=told.port,
        cloud_port=told.cloud_port,
        parameters=told.set,
        clients=clients,
        origins=tuple(dict.fromkeys(told.origin)),
        redirect_uris=tuple(dict.fromkeys(told.redirect_uri)),
        public_url=told.public_url or "",
        lan=told.lan,
        reloads=not told.no_reload,
        logs=told.logs,
        child=told.child,
    )


def origin_of(uri: str) -> str:
    """The origin of an absolute http or https URI, as a browser sends it; raises ValueError for anything else."""
    parts = urlsplit(uri)
    host, default = parts.hostname or "", {"http": 80, "https": 443}.get(parts.scheme)
    if default is None or "@" in parts.netloc or not _HOST.fullmatch(host):
        raise ValueError(uri)
    return f"{parts.scheme}://{host}" + ("" if parts.port in {None, default} else f":{parts.port}")


class _Parameters(argparse.Action):
    """Gathers NAME=VALUE, each held against the template."""

    def __call__(self, parser: argparse.ArgumentParser, told: argparse.Namespace, value: object, *_: object) -> None:
        name, given, text = str(value).partition("=")
        if not given:
            parser.error(f"--set takes NAME=VALUE, not {value}")
        try:
            told.set = {**told.set, name: checked(load(TEMPLATE)["Parameters"], name, text)}
        except ParameterUnfit as unfit:
            parser.error(f"--set: {unfit}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make run",
        description="smartIDENT on this laptop: API, WebSocket, pages, docs and SMS inbox on one port.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--port", type=_port, default=8080, help="for API, WebSocket and pages (default 8080; 0: any)")
    add("--cloud-port", type=_port, default=0, help="for moto, the cloud behind it (default: any)")
    origin = "a page of yours, as http://localhost:5173: may log in to the laptop's client and to those of --client"
    add("--origin", action="append", default=[], type=_origin, metavar="ORIGIN", help=origin)
    client = "another client and where its people go after login, as app=http://localhost:5173/done"
    add("--client", action="append", default=[], type=_client, metavar="ID=URL", help=client)
    redirect = (
        "a callback of your program, as http://localhost:5050/oauth2/authorize: for the client demo (OpenID Connect)"
    )
    add("--redirect-uri", action="append", default=[], type=_redirect_uri, metavar="URL", help=redirect)
    setting = "a parameter of template.yaml, as UnansweredLogins=100"
    add("--set", action=_Parameters, default={}, metavar="NAME=VALUE", help=setting)
    public = "where others reach this stack: a tunnel's https://…, or with --lan this laptop's http://NAME:PORT"
    add("--public-url", type=_base_url, metavar="URL", help=public)
    add("--lan", action="store_true", help="listen for the whole network, not for this laptop alone")
    add("--no-reload", action="store_true", help="keep the functions as they are when files change")
    add("--logs", action="store_true", help="show what the functions log here, not in .local/functions-PORT.log")
    add("--child", action="store_true", help="for programs: any port, one line of JSON, until standard input closes")
    return parser


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= MAX_PORT:
        raise ValueError(text)
    return number


def _origin(text: str) -> str:
    if origin_of(text) != text:
        raise argparse.ArgumentTypeError(f"{text} is no origin: take {origin_of(text)}")
    return text


def _base_url(text: str) -> str:
    if origin_of(text) != text.rstrip("/"):
        raise argparse.ArgumentTypeError(f"{text} holds more than scheme, host and port: take {origin_of(text)}")
    return text.rstrip("/")


def _client(text: str) -> tuple[str, str]:
    client, _, uri = text.partition("=")
    if not _CLIENT_ID.fullmatch(client):
        raise ValueError(text)
    return client, _redirect_uri(uri)


def _redirect_uri(text: str) -> str:
    if not re.fullmatch(r"[!-~]+", text) or "#" in text or "," in text:
        raise ValueError(text)
    origin_of(text)
    return text
