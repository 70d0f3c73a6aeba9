"""With UniformLogin everybody does the same and also mistypes: decoys, and whoever would make something of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from browser import step as socket
from complete.step import finish_login
from login.step import to_response
from login_status.step import follow_login
from smartident.approvals.decide import Approve, approve, deny
from smartident.devices.snapshot import read_snapshot
from smartident.logins.login import row_key
from smartident.logins.reading import latest_logins
from smartident.logins.socket_tickets import TICKETS
from smartident.rate_limiting.client_address import client_address_of
from smartident.storage.operations import Again
from smartident_client import base64url
from tests.properties.machine import Everybody
from tests.properties.watching import WHICH, heard, rows_of
from tests.support import many_logins
from tests.support.browser_tab import ticket
from tests.support.stored_items import Item, Key, everything, moved
from tests.support.world import ELSEWHERE, HOME, ORIGIN, URL

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.logins.start import StartedLogin
    from tests.properties.model import Watched

ADDRESSES = st.sampled_from([HOME, ELSEWHERE, "192.0.2.1"])


def key_of(login: Watched) -> Key:
    """Where it lies in the table."""
    key = row_key(login.started.login.id)
    return key.pk, key.sk


# What an attempt and a decoy change of an account, and nothing else of it.
COUNTED = {"failed_attempts", "failures_by_hour", "uniform_starts"}


class Uniform(Everybody):
    """Everybody, where a wrong password or a name of nobody begins a login as well."""

    uniform = True
    chosen: ClassVar[dict[str, object]] = {
        **Everybody.chosen,
        "UNIFORM_LOGIN": "on",
        "UNANSWERED_LOGINS": 8,
        "FAILURES_PER_HOUR": 10_000,
        "ADDRESS_FAILURES": 10_000,
    }

    @initialize()
    def provision(self) -> None:
        """The same people; somebody has mistyped, and somebody else has guessed a name."""
        self.told: dict[object, object] = {}
        self.meddled: tuple[Watched, dict[Key, Item]] | None = None
        super().provision()
        for who in (0, None):
            self.somebody_mistypes(who, ELSEWHERE)

    def a_browser_starts(self, who: int, *, address: str = HOME) -> Watched | None:
        """The right password begins a login, and a decoy only while others leave the account no slot."""
        login = super().a_browser_starts(who, address=address)
        if login is not None and login.is_decoy:
            assert [
                other for other in self.logins if other.account == who and other.client_address != login.client_address
            ]
        return login

    def watch(self, started: StartedLogin, account: int | None) -> Watched:
        """Whatever began, its page was told the same."""
        self.is_told_alike("start", many_logins.masked(to_response(started)))
        return super().watch(started, account)

    # What everybody may do besides

    @rule(who=st.sampled_from([0, 1, None]), address=ADDRESSES)
    def somebody_mistypes(self, who: int | None, address: str) -> None:
        """A wrong password or a name of nobody: counted for its address, and a decoy; nothing else of the account."""
        before, kind = everything(), "unknown" if who is None else "wrong"
        started = heard(many_logins.visitor(self.world, self.people[who or 0], kind, client_address=address).start)
        if who is not None:
            self.attempts[who].count(client_address_of(address), self.world.now)
        begun = set()
        if started != "too_many_attempts":
            login = self.watch(started, who)
            assert login.is_decoy
            begun = {key_of(login)}
        for (pk, sk), members in moved(before).items():
            assert (pk, sk) in begun or pk.startswith(("LIMIT#address#", "UNKNOWN#")) or members <= COUNTED

    @rule()
    def an_hour_passes(self) -> None:
        """From then on no browser hears anything of its login."""
        self.time_passes(3600)

    @rule()
    def every_page_asks(self) -> None:
        """Status, socket and completion of all that nobody decided: in the same state the same is heard."""
        for login in self.logins:
            if login.decided_by is None:
                before = everything()
                self.a_page_asks(login)
                assert moved(before).keys() <= {key_of(login)}

    def a_page_asks(self, login: Watched) -> None:
        """Ask all that a page may ask without ending its login."""
        now, own = self.world.now, (login.started.login.id, login.started.token)
        asked: dict[str, Callable[[], object]] = {
            "status": lambda: follow_login(*own, now=now),
            "complete": lambda: finish_login(*own, issuer=URL, now=now),
            "complete again": lambda: finish_login(*own, issuer=URL, now=now),
        }
        if login.connections < TICKETS:
            login.connections += 1
            name, offered = f"{own[0]}-{login.connections}", f"smartident.v1, {ticket(*own, login.connections)}"
            connect = partial(socket.connect, origin=ORIGIN, protocols=offered, now=now)
            asked["connect"] = partial(connect, connection_id=name)
            asked["connect again"] = partial(connect, connection_id="again")
            asked["status over the socket"] = lambda: socket.status(own[0], connection_id=name, now=now)
        for question, ask in asked.items():
            state = (login.state, login.is_over(now), self.is_forgotten(login))
            answer = many_logins.heard(ask)
            assert answer[0] == "login_not_found" or not self.is_forgotten(login)
            self.is_told_alike((question, *state), answer)

    @rule(which=WHICH, phone=WHICH)
    def an_attacker_reaches_past_what_phones_are_shown(self, which: int, phone: int) -> None:
        """No decision fits the row of a decoy."""
        decoy, (who, hand) = self.decoy(which), self.phones[phone % len(self.phones)]
        device = read_snapshot(self.people[who].id, now=self.world.now).devices[hand.key.thumbprint]
        assert isinstance(approve(decoy.started.login, device, receipt="", now=self.world.now), Again)
        asked = deny(decoy.started.login, device, reason="not_me", evidence="", now=self.world.now)
        assert isinstance(asked, Again)

    @rule(which=WHICH, other=WHICH, phone=WHICH)
    def an_attacker_turns_an_approval_to_a_decoy(self, which: int, other: int, phone: int) -> None:
        """What was signed over another login decides nothing."""
        decoy, (who, hand) = self.decoy(which), self.phones[phone % len(self.phones)]
        meant = self.logins[other % len(self.logins)].started
        statement = base64url.encode(meant.login.statement.encode())
        evidence = hand.evidence(statement, meant.transfer_code or "", now=self.world.now)
        answer = heard(self.world.decide, hand, decoy.started.login.id, Approve(evidence))
        assert self.refused(decoy, who, hand, answer)

    # What the watcher knows

    def login(self, which: int) -> Watched:
        """One of the logins, decoys among them; whoever picks a decoy is watched."""
        login = super().login(which)
        if login.is_decoy:
            self.meddled = login, everything()
        return login

    def decoy(self, which: int) -> Watched:
        """One of the decoys."""
        decoys = [at for at in range(len(self.logins)) if super(Uniform, self).login(at).is_decoy]
        return self.login(decoys[which % len(decoys)])

    def is_told_alike(self, question: object, answer: object) -> None:
        """Whoever asked this of a login in that state before heard the same."""
        assert self.told.setdefault(question, answer) == answer, question

    # What always holds besides

    @invariant()
    def no_phone_reads_a_decoy(self) -> None:
        """Neither under what waits nor in the history, and nobody is told of one."""
        decoys = {login.started.login.id for login in self.logins if login.is_decoy}
        for person in self.people:
            assert not decoys & {login.id for login in read_snapshot(person.id, now=self.world.now).logins}
            assert not decoys & {login.id for login in latest_logins(person.id, after="", limit=99)}
        assert not decoys & {hint["login_id"] for _, hint in self.world.push.sent}

    @invariant()
    def a_name_of_nobody_has_decoys_and_nothing_else(self) -> None:
        """Each where it must be, as those of an account."""
        partitions = {key_of(login)[0] for login in self.logins if login.account is None}
        for partition in partitions:
            self.logins_are_those_that_were_begun(None, rows_of(partition))

    @invariant()
    def whoever_meddles_with_a_decoy_moves_nothing_else(self) -> None:
        """No slot, no limit, no device, no other login."""
        if self.meddled is not None:
            decoy, before = self.meddled
            assert moved(before).keys() <= {key_of(decoy)}
        self.meddled = None
