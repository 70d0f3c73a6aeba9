"""A known, a shared and an unknown name are answered alike: by one caller and many, over hours and addresses."""

from __future__ import annotations

import os
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from login.step import Credentials, start_login
from register_key.step import NewKey, start_registration
from smartident.accounts.limits import stale_attempts
from smartident.errors import InvalidCredentials, Refusal, TooManyAttempts
from smartident.passwords import hashing
from smartident.rate_limiting.lockout_time import FIRST_LOCKOUT, HOUR
from smartident.statements.login import RequestOrigin
from tests.support.concurrency import at_once
from tests.support.world import AGENT, ORIGIN, PASSWORD, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account

RUNS = int(os.environ.get("PROPERTY_RUNS", "3"))
WRONG = "falsch"
MAIL, NO_MAIL, NO_NUMBER = "anna@person.example", "nobody@person.example", "999 999 999"
SHARED = "both@person.example"
KNOWN, UNKNOWN = "198.51.100", "203.0.113"
Answer = tuple[str, object]


def told(refusal: object) -> Answer:
    """What the caller hears."""
    if isinstance(refusal, Refusal):
        return refusal.code, refusal.details.get("retry_after")
    return "ok", None


@pytest.fixture
def anna(world: World) -> Account:
    # No address is stopped for what it does to other names.
    world.set(ADDRESS_FAILURES=100_000)
    return world.account(email=MAIL)


def login(world: World, name: str, address: str, password: str = WRONG) -> Callable[[], object]:
    """A start of a login under this name from this address."""
    origin = RequestOrigin(address, AGENT, ORIGIN)
    return lambda: start_login(Credentials(name, password), request_origin=origin, now=world.now)


def enrolment(world: World, name: str, address: str, password: str = WRONG) -> Callable[[], object]:
    """The start of a registration under this name from this address."""
    phone, origin = world.new_phone(), RequestOrigin(address, AGENT, "")
    ask = NewKey(name, phone.key.public_jwk(), "Telefon", "ios", password=password)
    request = phone.new_key_request("/v1/keys", b"{}", now=world.now)
    return lambda: start_registration(ask, request=request, request_origin=origin, sms=world.sms, now=world.now)


@pytest.fixture
def sharers(world: World) -> list[Account]:
    """Two people with one e-mail, each with a phone."""
    world.set(ADDRESS_FAILURES=100_000)
    people = [world.account(email=SHARED) for _ in range(2)]
    for one in people:
        world.phone(one)
    return people


def answers(*asks: Callable[[], object]) -> list[Answer]:
    """What simultaneous callers hear, in no order."""
    return sorted(map(told, at_once(*asks)), key=repr)


@pytest.mark.parametrize("uniform", ["off", "on"])
@pytest.mark.parametrize("ask", [login, enrolment])
@pytest.mark.parametrize("callers", [2, 8])
def test_simultaneous_wrong_passwords_tell_no_unknown_name(
    world: World, anna: Account, ask: Callable[..., Callable[[], object]], callers: int, uniform: str
) -> None:
    world.set(UNIFORM_LOGIN=uniform)
    world.phone(anna)
    for one in range(2):
        known = answers(*[ask(world, anna.number, f"{KNOWN}.{one}") for _ in range(callers)])
        unknown = answers(*[ask(world, NO_NUMBER, f"{UNKNOWN}.{one}") for _ in range(callers)])
        assert known == unknown
        world.later(2 * HOUR)


@pytest.mark.usefixtures("sharers")
@pytest.mark.parametrize("uniform", ["off", "on"])
@pytest.mark.parametrize("ask", [login, enrolment])
@pytest.mark.parametrize("password", [WRONG, PASSWORD], ids=["wrong", "right"])
def test_simultaneous_passwords_tell_no_shared_email(
    world: World, ask: Callable[..., Callable[[], object]], password: str, uniform: str
) -> None:
    """Nor whether one of them is right: an e-mail that several accounts share is nobody's."""
    world.set(UNIFORM_LOGIN=uniform)
    for callers in (1, 8):
        shared = answers(*[ask(world, SHARED, f"{KNOWN}.{callers}", password) for _ in range(callers)])
        unknown = answers(*[ask(world, NO_MAIL, f"{UNKNOWN}.{callers}", password) for _ in range(callers)])
        assert shared == unknown
        world.later(2 * HOUR)


@pytest.mark.usefixtures("sharers")
@pytest.mark.parametrize("seed", range(RUNS))
def test_one_sequence_of_tries_is_answered_alike(world: World, anna: Account, seed: int) -> None:
    """The same random tries, alone and at once, over hours and addresses, against a name of somebody and of nobody."""
    random = Random(seed)  # noqa: S311  repeatable, and no secret
    names = {"number": (anna.number, NO_NUMBER), "email": (MAIL, NO_MAIL), "shared": (SHARED, NO_MAIL)}
    known_name, unknown_name = names[random.choice(sorted(names))]
    world.set(PASSWORD_TRIES=random.choice([1, 2, 5]), FAILURES_PER_HOUR=random.choice([3, 8, 20]))
    for _ in range(30):
        address, callers = random.randrange(6), random.choice([1, 1, 1, 2, 4])
        known = answers(*[login(world, known_name, f"{KNOWN}.{address}") for _ in range(callers)])
        unknown = answers(*[login(world, unknown_name, f"{UNKNOWN}.{address}") for _ in range(callers)])
        assert known == unknown
        world.later(random.choice([0, 0, 0, 1, 29, 31, 600, 3600, 7300]))


@pytest.mark.parametrize("limit", [3, 20])
def test_strangers_have_so_many_tries_an_hour_whether_the_name_is_known_or_not(
    world: World, anna: Account, limit: int
) -> None:
    world.set(FAILURES_PER_HOUR=limit)
    world.now -= world.now % HOUR
    for name in (anna.number, NO_NUMBER):
        heard = [told(at_once(login(world, name, f"192.0.2.{one}"))[0]) for one in range(limit + 2)]
        assert heard == [("invalid_credentials", None)] * limit + [("too_many_attempts", HOUR)] * 2


def test_two_names_of_one_account_do_not_tell_that_they_belong_together(world: World, anna: Account) -> None:
    """Five wrong tries on the e-mail lock the e-mail; the number answers as if nothing had been."""
    for _ in range(5):
        with pytest.raises(InvalidCredentials):
            login(world, MAIL, "192.0.2.1")()
    with pytest.raises(TooManyAttempts):
        login(world, MAIL, "192.0.2.1")()
    heard = [told(at_once(login(world, anna.number, "192.0.2.1"))[0]) for _ in range(6)]
    assert heard == [("invalid_credentials", None)] * 5 + [("too_many_attempts", FIRST_LOCKOUT)]


def test_two_names_of_one_account_give_no_more_tries(world: World, anna: Account) -> None:
    """Beyond the account's limit every password is wrong, by whichever name, until the same wait is over."""
    world.phone(anna)
    for _ in range(5):
        with pytest.raises(InvalidCredentials):
            login(world, MAIL, "192.0.2.1")()
    with pytest.raises(InvalidCredentials):
        login(world, anna.number, "192.0.2.1", PASSWORD)()
    world.later(FIRST_LOCKOUT)
    assert told(at_once(login(world, anna.number, "192.0.2.1", PASSWORD))[0]) == ("ok", None)


def test_two_names_share_the_failures_of_an_hour(world: World, anna: Account) -> None:
    world.set(FAILURES_PER_HOUR=6)
    world.phone(anna)
    for one in range(3):
        for name in (MAIL, anna.number):
            with pytest.raises(InvalidCredentials):
                login(world, name, f"192.0.2.{one}")()
    with pytest.raises(InvalidCredentials):
        login(world, anna.number, "192.0.2.9", PASSWORD)()
    world.later(HOUR)
    assert told(at_once(login(world, anna.number, "192.0.2.9", PASSWORD))[0]) == ("ok", None)


def test_the_right_password_is_given_back_under_both_names(world: World, anna: Account) -> None:
    world.phone(anna)
    for _ in range(4):
        with pytest.raises(InvalidCredentials):
            login(world, MAIL, "192.0.2.1")()
    login(world, anna.number, "192.0.2.1", PASSWORD)()
    heard = [told(at_once(login(world, MAIL, "192.0.2.1"))[0]) for _ in range(5)]
    assert heard == [("invalid_credentials", None)] * 5


def test_tries_on_a_shared_email_count_for_none_of_its_accounts(world: World, sharers: list[Account]) -> None:
    """Nor do they add to the tries of one: no password is right by it."""
    for _ in range(6):
        told(at_once(login(world, SHARED, "192.0.2.1", PASSWORD))[0])
    for one in sharers:
        assert told(at_once(login(world, one.number, "192.0.2.1", PASSWORD))[0]) == ("ok", None)


@pytest.mark.parametrize("uniform", ["off", "on"])
@pytest.mark.parametrize("password", [WRONG, PASSWORD], ids=["wrong", "right"])
def test_unknown_single_and_shared_names_are_the_same_work(
    world: World, monkeypatch: pytest.MonkeyPatch, password: str, uniform: str
) -> None:
    """The same hashes and the same AWS calls, however many share the e-mail, whatever the password."""
    world.set(UNIFORM_LOGIN=uniform)
    people = [world.account(email=f"{sharers}@person.example") for sharers in range(1, 6) for _ in range(sharers)]
    runs = counted_hashes(monkeypatch)
    typed = {NO_MAIL: password, **{f"{sharers}@person.example": password for sharers in range(2, 6)}}
    typed |= {"1@person.example": WRONG, NO_NUMBER: WRONG, people[0].number: WRONG}
    for ask in (login, enrolment):
        work = {
            name: spent(world, runs, partial(ask, world, name, f"192.0.2.{place}", said))
            for place, (name, said) in enumerate(typed.items())
        }
        hashes, calls = zip(*work.values(), strict=True)
        assert set(hashes) == {1}
        assert {one[1:] for one in calls} == {calls[0][1:]}
        assert {(name in {NO_NUMBER, people[0].number}, one[0]) for name, one in zip(work, calls, strict=True)} == {
            (True, "GetItem"),
            (False, "Query"),
        }


def spent(world: World, runs: list[str], start: Callable[[], Callable[[], object]]) -> tuple[int, tuple[str, ...]]:
    """How many hashes and which calls a second try takes; the first of an unknown name makes its item."""
    for _ in range(2):
        started = start()
        world.aws.clear()
        runs.clear()
        told(at_once(started)[0])
    return len(runs), tuple(world.aws.operations())


def counted_hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every Argon2id that is computed from now on."""
    runs: list[str] = []
    hashing.decoy_hash()

    class Counted:
        def __init__(self, **cost: Any) -> None:
            self._real = Argon2id(**cost)

        def derive_phc_encoded(self, password: bytes) -> str:
            runs.append("made")
            return self._real.derive_phc_encoded(password)

        @staticmethod
        def verify_phc_encoded(*given: Any) -> None:
            runs.append("checked")
            Argon2id.verify_phc_encoded(*given)

    monkeypatch.setattr(hashing, "Argon2id", Counted)
    return runs


def test_what_the_owner_does_makes_nobody_forget_a_strangers_tries(world: World) -> None:
    """The hours of a day of logins are many, and are forgotten; an address that was locked is locked as before."""
    world.set(ADDRESS_FAILURES=100_000)
    jonas, stranger, home = world.account(two_factor=False), f"{UNKNOWN}.1", f"{KNOWN}.1"
    names = (jonas.number, NO_NUMBER)
    for _ in range(5):
        heard = [told(*at_once(login(world, name, stranger))) for name in names]
        assert heard[0] == heard[1] == ("invalid_credentials", None)
    for _ in range(10):
        world.later(2 * HOUR)
        assert told(*at_once(login(world, jonas.number, home, PASSWORD))) == ("ok", None)
    for _ in range(2):
        heard = [told(*at_once(login(world, name, stranger))) for name in names]
    assert heard == [("too_many_attempts", 2 * FIRST_LOCKOUT)] * 2


def test_tries_under_the_other_name_make_nobody_forget_an_address(
    world: World, anna: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stale_attempts, "MAX_COUNTED_ADDRESSES", 3)
    stranger = f"{UNKNOWN}.1"
    for _ in range(5):
        at_once(login(world, anna.number, stranger))
    for number in range(2, 7):
        at_once(login(world, MAIL, f"{KNOWN}.{number}"))
    world.later(3 * HOUR)
    at_once(login(world, MAIL, f"{KNOWN}.9"))
    heard = [told(*at_once(login(world, anna.number, stranger))) for _ in range(2)]
    assert heard[-1] == ("too_many_attempts", 2 * FIRST_LOCKOUT)
