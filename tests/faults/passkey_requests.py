"""What a page asks about passkeys, if an answer of AWS gets lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smartident.passkeys.passkey import passkey_id_of
from smartident_client import base64url
from tests.faults.exchange import Case, Exchange
from tests.faults.person import Heard, Person, expect, newcomer
from tests.support.login_passkey import LoginPasskey, bearer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.world import World

PASSKEYS, LOGIN = "/v1/passkeys", "/v1/passkeys/login"


def _signed_in(world: World) -> tuple[Person, str]:
    """Somebody who has just logged in by phone, and what names that login."""
    anna = newcomer(world)
    phone = anna.phone()
    login = expect(anna.log_in(), "201")
    expect(anna.ask(phone, *anna.approval(phone, login)), "200")
    expect(anna.complete(login), "200")
    return anna, bearer(login)


def _listed(anna: Person, session: str) -> dict[str, Any]:
    told: dict[str, Any] = expect(anna.browse("GET", PASSKEYS, token=session), "200")
    return told


def _new(anna: Person, session: str) -> tuple[LoginPasskey, dict[str, Any]]:
    """A passkey that the browser has made, and what the page sends of it."""
    passkey = LoginPasskey()
    return passkey, {"credential": passkey.create(_listed(anna, session)["creation"]), "name": "Laptop"}


def _made(anna: Person, session: str) -> LoginPasskey:
    passkey, body = _new(anna, session)
    expect(anna.browse("POST", PASSKEYS, body, token=session), "201")
    return passkey


def _touched(anna: Person, passkey: LoginPasskey) -> dict[str, Any]:
    asked = expect(anna.browse("POST", f"{PASSKEYS}/options"), "200")["public_key"]
    return {"assertion": passkey.get(asked)}


def _log_in(anna: Person, passkey: LoginPasskey) -> Heard:
    return anna.browse("POST", LOGIN, _touched(anna, passkey))


def _id(passkey: LoginPasskey) -> str:
    return passkey_id_of(base64url.encode(passkey.credential_id))


def _exchange(
    anna: Person, send: Callable[[], Heard], right: set[str], holds: Callable[[Exchange], None], **more: Any
) -> Exchange:
    return Exchange(anna, send, more.pop("anew", send), right, holds, **more)


def asking_for_options(world: World) -> Exchange:
    """The browser gets what it asks a passkey with."""
    anna, session = _signed_in(world)
    passkey = _made(anna, session)

    def holds(exchange: Exchange) -> None:
        body = {"assertion": passkey.get(exchange.last.body["public_key"])}
        expect(anna.browse("POST", LOGIN, body), "201")

    return _exchange(anna, lambda: anna.browse("POST", f"{PASSKEYS}/options"), {"200"}, holds)


def logging_in(world: World) -> Exchange:
    """Who hears nothing touches once more: a signature counts once."""
    anna, session = _signed_in(world)
    passkey = _made(anna, session)
    once = _touched(anna, passkey)

    def holds(exchange: Exchange) -> None:
        begun = [one.body for one in exchange.heard if one.outcome == "201"]
        if exchange.last.outcome not in exchange.right:
            # A signature that nobody was answered to is used up only by the write that makes a login.
            assert exchange.struck not in {"", "GetItem", "Query"} or begun
            begun = [expect(_log_in(anna, passkey), "201")]
        expect(anna.complete(begun[-1]), "200")

    return _exchange(
        anna,
        lambda: anna.browse("POST", LOGIN, once),
        {"201"},
        holds,
        anew=lambda: _log_in(anna, passkey),
        again={"403 passkey_refused"},
    )


def listing(world: World) -> Exchange:
    """The page lists the passkeys."""
    anna, session = _signed_in(world)
    passkey = _made(anna, session)

    def holds(exchange: Exchange) -> None:
        assert [one["passkey_id"] for one in exchange.last.body["passkeys"]] == [_id(passkey)]

    return _exchange(anna, lambda: anna.browse("GET", PASSKEYS, token=session), {"200"}, holds)


def making(world: World) -> Exchange:
    """The browser has made one."""
    anna, session = _signed_in(world)
    passkey, body = _new(anna, session)

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body["passkey_id"] == _id(passkey)
        assert [one["passkey_id"] for one in _listed(anna, session)["passkeys"]] == [_id(passkey)]
        expect(_log_in(anna, passkey), "201")

    return _exchange(anna, lambda: anna.browse("POST", PASSKEYS, body, token=session), {"201"}, holds)


def removing(world: World) -> Exchange:
    """One of two: the other stays as good as it was."""
    anna, session = _signed_in(world)
    gone, kept = _made(anna, session), _made(anna, session)
    path = f"{PASSKEYS}/{_id(gone)}"

    def holds(_: Exchange) -> None:
        assert [one["passkey_id"] for one in _listed(anna, session)["passkeys"]] == [_id(kept)]
        expect(_log_in(anna, gone), "403 passkey_refused")
        expect(_log_in(anna, kept), "201")

    return _exchange(anna, lambda: anna.browse("DELETE", path, token=session), {"204"}, holds)


def demanding(world: World) -> Exchange:
    """The stricter policy ends what this login may do, and asked for again it is answered alike."""
    anna, session = _signed_in(world)
    passkey = _made(anna, session)
    _made(anna, session)

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body == {"login_policy": "passkey_only"}
        expect(anna.log_in(), "403 passkey_required")
        expect(_log_in(anna, passkey), "201")

    body = {"login_policy": "passkey_only"}
    return _exchange(anna, lambda: anna.browse("PATCH", PASSKEYS, body, token=session), {"200"}, holds)


def reading_the_pages(world: World) -> Exchange:
    """A browser reads which pages share our passkeys."""
    anna = newcomer(world)

    def holds(exchange: Exchange) -> None:
        assert exchange.last.body["origins"]

    return _exchange(anna, lambda: anna.browse("GET", "/.well-known/webauthn"), {"200"}, holds)


PASSKEY_CASES = [
    Case(f"POST {PASSKEYS}/options", asking_for_options),
    Case(f"POST {LOGIN}", logging_in),
    Case(f"GET {PASSKEYS}", listing),
    Case(f"POST {PASSKEYS}", making),
    Case(f"PATCH {PASSKEYS}", demanding),
    Case(f"DELETE {PASSKEYS}/{{passkey_id}}", removing),
    Case("GET /.well-known/webauthn", reading_the_pages),
]
