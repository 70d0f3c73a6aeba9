"""A back end's `nonce` (OpenID Connect Core 3.1.2.1) comes back in the id_token; nobody else learns of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smartident.crypto import base64url
from smartident.errors import LoginNotFound
from smartident.logins.login import LoginRow
from smartident.storage import keys
from tests.logins.test_complete import claims_in
from tests.support.stored_items import everything
from tests.support.world import ORIGIN, PASSWORD, Phone, World

if TYPE_CHECKING:
    from smartident.accounts.account import Account
    from smartident.logins.start import StartedLogin

LONGEST = "n" * 255


def key_of(started: StartedLogin) -> tuple[str, str]:
    key = keys.login(started.login.id)
    assert key is not None
    return key


def ask(world: World, name: str, **also: Any) -> tuple[int, Any]:
    """What a page gets for these credentials."""
    body = {"identifier": name, "password": PASSWORD, **also}
    status, _, answer = world.http("POST", "/v1/logins", body, headers={"Origin": ORIGIN})
    return status, answer


@pytest.mark.parametrize("nonce", ["n-0S6_WzA2Mj", " ", "~", LONGEST], ids=["usual", "blank", "tilde", "longest"])
def test_what_the_back_end_sent_comes_back_in_the_id_token(
    world: World, anna: Account, phone: Phone, nonce: str
) -> None:
    started = world.start(anna, nonce=nonce)
    world.approve(phone, started)
    first, again = world.complete(started), world.complete(started)
    assert [claims_in(one["id_token"])["nonce"] for one in (first, again)] == [nonce, nonce]


def test_a_session_by_password_alone_has_it_too(world: World) -> None:
    started = world.start(world.account(two_factor=False), nonce="n")
    assert claims_in(world.complete(started)["id_token"])["nonce"] == "n"


def test_a_login_without_one_has_no_such_claim(world: World, anna: Account, phone: Phone) -> None:
    started = world.start(anna)
    world.approve(phone, started)
    assert "nonce" not in claims_in(world.complete(started)["id_token"])


@pytest.mark.parametrize(
    "nonce",
    ["", LONGEST + "n", "two\nlines", "n\n", "\x7f", "schön", 1],
    ids=["empty", "too long", "line break", "line break at the end", "control", "not ASCII", "number"],
)
@pytest.mark.parametrize("uniform", ["off", "on"])
def test_what_is_no_nonce_is_refused_whoever_is_asked_for(
    world: World, anna: Account, nonce: object, uniform: str
) -> None:
    world.set(UNIFORM_LOGIN=uniform)
    for name in (anna.number, "nobody@example.test"):
        status, problem = ask(world, name, nonce=nonce)
        assert (status, problem["code"], problem["field"]) == (400, "invalid_request", "nonce")


@pytest.mark.usefixtures("phone")
def test_a_decoy_is_begun_with_one_as_a_login_is(world: World, anna: Account) -> None:
    world.set(UNIFORM_LOGIN="on")
    right, unknown = (ask(world, name, nonce=LONGEST) for name in (anna.number, "nobody@example.test"))
    assert (right[0], unknown[0]) == (201, 201)
    assert right[1].keys() == unknown[1].keys()
    assert LONGEST not in str((right, unknown))


def test_the_phone_is_not_told(world: World, anna: Account, phone: Phone) -> None:
    world.start(anna, nonce="only-for-the-back-end")
    [waiting] = world.listed(phone)
    assert b"only-for-the-back-end" not in base64url.decode(waiting["statement"], field="statement")


@pytest.mark.parametrize("nonce", ["another", None], ids=["changed", "taken away"])
def test_who_writes_the_table_changes_no_nonce(world: World, anna: Account, phone: Phone, nonce: str | None) -> None:
    started = world.start(anna, nonce="of-the-back-end")
    world.approve(phone, started)
    row = LoginRow.get(*key_of(started), consistent_read=True)
    action = LoginRow.nonce.remove() if nonce is None else LoginRow.nonce.set(nonce)
    row.update(actions=[action])
    with pytest.raises(LoginNotFound):
        world.complete(started)


@pytest.mark.usefixtures("phone")
def test_it_is_kept_with_its_login_alone(world: World, anna: Account) -> None:
    started = world.start(anna, nonce="of-the-back-end")
    assert [key for key, item in everything().items() if "of-the-back-end" in str(item)] == [key_of(started)]
