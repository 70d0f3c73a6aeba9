"""events.py [--check]: writes events/, one event for each route of template.yaml, or tells where they differ.

The events are what API Gateway would hand to the functions: HTTP payload 2.0 and those of the WebSocket.
Made by the same code as the laptop's gateway, with every random part fixed, so that two runs give the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from smartident_laptop.gateway.events import Connection, Request, connect_event, http_event, message_event
from smartident_laptop.template import Route, SocketRoute, Template
from tools.event_forms import QUERIES, forms

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "events"
AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
DOMAIN, PAGE = "abcdefghij.execute-api.eu-central-1.amazonaws.com", "https://financeapp.example"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
FIXED = {
    "x-amzn-trace-id": "Root=1-69688fe8-0123456789abcdef01234567",
    "X-Amzn-Trace-Id": "Root=1-69688fe8-0123456789abcdef01234567",
    "requestId": "Xy4r5hXnFiAEJhw=",
    "extendedRequestId": "Xy4r5hXnFiAEJhw=",
    "messageId": "Xy4r5fMdliACEfw=",
}
ACCOUNT = "kB3vQ9mT7xLw2RfN"
NAMES = {
    "login_id": f"{ACCOUNT}.Zt5pW8cYh1Dg6KsA",
    "registration_id": f"{ACCOUNT}.Vu4nE7bXj0Qm3HrC",
    "device_id": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
    "set_id": "mfrggzdfmztwq2lknnwg23tpoa",
    "passkey_id": "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U",
}
LOGIN_TOKEN = "aGVsbG8tdGhpcy1pcy1hLXBsYWNlaG9sZGVyLXRva2U"  # noqa: S105  of no login
KEY = {"kty": "EC", "crv": "P-256"} | {
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
PERSON = {"identifier": "71104225", "password": "correct horse battery staple"}
APPROVAL_KEY = {"type": "jwk", "jwk": KEY, "signature": "A" * 86}
CREDENTIAL, CLIENT_DATA = {"id": "A" * 43, "rawId": "A" * 43, "type": "public-key"}, {"clientDataJSON": "e30"}
EMPTY = ("keys/{registration_id}/resend", "logins/{login_id}/complete", "passkeys/options", "account/freeze")
# Of RFC 8291, appendix A.
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
BODIES: dict[str, dict[str, Any]] = {
    **{f"POST /v1/{path}": {} for path in EMPTY},
    "POST /v1/keys": {**PERSON, "device_key": KEY, "device_name": "Annas Telefon", "platform": "ios"},
    "POST /v1/keys/{registration_id}/verify": {"code": "482913", "approval_key": APPROVAL_KEY},
    "POST /v1/logins": {**PERSON, "client_id": "financeapp"},
    "POST /v1/approvals/{login_id}": {"decision": "deny", "reason": "not_me"},
    "POST /v1/passkeys/login": {"assertion": {**CREDENTIAL, "response": {**CLIENT_DATA, "userHandle": "A" * 43}}},
    "POST /v1/passkeys": {"credential": {**CREDENTIAL, "response": CLIENT_DATA}, "name": "Annas Laptop"},
    "PATCH /v1/passkeys": {"login_policy": "passkey_only"},
    "PATCH /v1/devices/{device_id}": {"name": "Annas neues Telefon"},
    "PUT /v1/devices/{device_id}/push": {
        "type": "web_push",
        "endpoint": "https://fcm.googleapis.com/fcm/send/example",
        "keys": {"p256dh": POINT, "auth": "BTBZMqHH6r4Tts7J_aSIgg"},
        "application_server_key": POINT,
    },
    "POST /oauth2/interaction": {"interaction": "e30.AA", "login_id": NAMES["login_id"]},
    "POST /v1/devices/{device_id}/revoke": {"statement": "e30", "evidence": {"type": "jws", "jws": "e30.e30.AA"}},
    "POST /v1/account/open": {"statement": "e30", "evidence": {"type": "jws", "jws": "e30.e30.AA"}},
    "POST /v1/recovery-codes": {"statement": "e30", "evidence": {"type": "jws", "jws": "e30.e30.AA"}},
    "POST /v1/recovery-codes/{set_id}/confirm": {"code": "5HZK-8QW2-7N0V-MD4T"},
    "POST /v1/notices/freeze": {"token": f"{ACCOUNT}.8209999599q7TzMwz1dYkA.1790604800.AA"},
}
FORMS = forms(NAMES["login_id"], LOGIN_TOKEN)
# How the caller of a function shows who it is.
BEARERS, REGISTRARS = {"LoginStatus", "Complete", "Interaction", "Passkeys"}, {"RegisterKey", "VerifySms"}
PUBLIC = {"POST /v1/passkeys/options", "POST /v1/passkeys/login", "POST /v1/notices/freeze"}
PROVERS = REGISTRARS | {"Approve", "Devices", "Freeze", "PushSubscription", "RecoveryCodes"}


def _segment(part: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(part, separators=(",", ":")).encode()).rstrip(b"=").decode()


def _proof(route: Route, path: str) -> str:
    """A device proof of the right shape; its signature is none."""
    claims = {"htm": route.method, "htu": f"https://{DOMAIN}{path}", "iat": int(AT.timestamp()), "jti": "event"}
    who: dict[str, Any] = {"jwk": KEY} if route.function in REGISTRARS else {"kid": NAMES["device_id"]}
    if route.function not in REGISTRARS:
        claims["sub"] = ACCOUNT
    return f"{_segment({'typ': 'dpop+jwt', 'alg': 'ES256', **who})}.{_segment(claims)}.{'A' * 86}"


def _headers(route: Route, path: str) -> list[tuple[str, str]]:
    headers = [("accept", "application/json"), ("accept-language", "de"), ("host", DOMAIN), ("user-agent", AGENT)]
    if route.function in BEARERS and route.key not in PUBLIC:
        login = f"{NAMES['login_id']}." if route.function == "Passkeys" else ""
        headers.append(("authorization", f"Bearer {login}{LOGIN_TOKEN}"))
    if route.function in PROVERS and route.key not in PUBLIC:
        headers.append(("dpop", _proof(route, path)))
    else:
        headers.append(("origin", PAGE))
    if BODIES.get(route.key):
        headers.append(("content-type", "application/json"))
    if FORMS.get(route.key):
        headers.append(("content-type", "application/x-www-form-urlencoded"))
    return headers


def _http(route: Route) -> dict[str, Any]:
    """The event of one HTTP route; raises KeyError where BODIES or NAMES say nothing of it."""
    if route.method in {"POST", "PATCH", "PUT"} and route.key not in BODIES | FORMS:
        raise KeyError(f"{route.key} has no body in tools/events.py")
    parameters = {name: NAMES[name] for name in re.findall(r"{(\w+)}", route.path)}
    path = route.path.format(**parameters)
    body = BODIES.get(route.key)
    content = json.dumps(body, separators=(",", ":")) if body else FORMS.get(route.key, "")
    request = Request(
        method=route.method,
        raw_path=path,
        headers=_headers(route, path),
        domain=DOMAIN,
        query=QUERIES.get(route.key, ""),
        body=content.encode(),
        source_ip="203.0.113.7",
    )
    return http_event(request, route=route.key, path_parameters=parameters, at=AT)


def _socket(route: SocketRoute, stage: str) -> dict[str, Any]:
    """The event of one WebSocket route."""
    since = int(AT.timestamp() * 1000)
    connection = Connection(DOMAIN, stage, "203.0.113.7", AGENT, since, connection_id="Xy4r5cJmFiACEfw=")
    if route.key == "$connect":
        protocols = f"smartident.v1, {NAMES['login_id']}.{LOGIN_TOKEN}"
        headers = [("host", DOMAIN), ("origin", PAGE), ("sec-websocket-protocol", protocols), ("user-agent", AGENT)]
        return connect_event(connection, Request("GET", f"/{stage}", headers, DOMAIN, source_ip="203.0.113.7"), AT)
    text = json.dumps({"action": "status", "login_id": NAMES["login_id"]})
    return message_event(connection, route.key, text, AT)


def _fixed(value: Any) -> Any:
    """The event with its random parts replaced."""
    if isinstance(value, list):
        return [_fixed(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: ([FIXED[name]] if isinstance(item, list) else FIXED[name]) if name in FIXED else _fixed(item)
        for name, item in value.items()
    }


def _file_name(kind: str, path: str) -> str:
    words = re.findall(r"[\w-]+", path)
    return "-".join([kind, *words]) + ".json"


def make_events(template: Template) -> dict[str, str]:
    """File name and text of every event that the template asks for."""
    events = {_file_name(route.method.lower(), route.path): _http(route) for route in template.routes}
    for route in template.socket_routes.values():
        events[_file_name("websocket", route.key)] = _socket(route, template.socket_stage)
    return {name: json.dumps(_fixed(event), indent=2, ensure_ascii=False) + "\n" for name, event in events.items()}


def differences(wanted: dict[str, str]) -> list[str]:
    """What is missing in events/, edited by hand, or of no route."""
    found = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*")}
    return sorted(
        [f"{name} is missing" for name in wanted.keys() - found.keys()]
        + [f"{name} belongs to no route" for name in found.keys() - wanted.keys()]
        + [f"{name} is not what the template makes" for name in wanted.keys() & found if wanted[name] != found[name]]
    )


def main(arguments: list[str]) -> int:
    """Write events/, or with --check only compare; 1 if something differs."""
    wanted = make_events(Template())
    if arguments == ["--check"]:
        found = differences(wanted)
        print(*(f"events/{line}" for line in found), sep="\n", end="\nmend with: make events\n" if found else "")
        return int(bool(found))
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
