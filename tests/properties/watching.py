"""The watcher: what is known from outside, and what must hold after every step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from smartident.accounts.item.row import AccountRow
from smartident.accounts.limits.pending_logins import RECENT_SECONDS
from smartident.devices.device import DeviceRow
from smartident.devices.registration import RegistrationRow
from smartident.errors import Refusal
from smartident.logins.decoys import (
    VISIBLE_SECONDS,
)
from smartident.logins.login import (
    LoginRow,
    is_decoy,
    login_of,
)
from smartident.rate_limiting.client_address import client_address_of
from smartident.storage import keys
from smartident.storage.table import Row
from smartident.webauthn.relying_party import own_party
from smartident_cli.receipts.audit_log_check import AuditLogCheck
from tests.properties.model import UNDECIDED, Attempts, Enrolment, Watched, documented
from tests.support.stored_items import items
from tests.support.world import HOME, Phone, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accounts.account import Account
    from smartident.logins.start import StartedLogin

ACCOUNTS = st.integers(0, 1)
WHICH = st.integers(0, 99)
PATIENCE = st.sampled_from([1, 29, 30, 60, 180])


def heard(ask: Callable[..., Any], *args: Any, **members: Any) -> Any:
    """An answer, or the code of a refusal."""
    try:
        return ask(*args, **members)
    except Refusal as refused:
        return refused.code


def log_faults(account_id: str, rows: list[dict[str, Any]], now: int) -> list[str]:
    """What an operator would be told of the log in these rows."""
    logbook = AuditLogCheck(account_id, now, own_party())
    for row in rows:
        logbook.take(row)
    return [finding.sentence for finding in logbook.findings() if finding.is_fault]


def rows_of(account_id: str) -> list[Row]:
    """Everything that lies under one account."""
    return [Row.from_raw_data(item) for item in items(account_id)]


class Watching(RuleBasedStateMachine):
    """The service beside a watcher who knows only what docs/flow.md says."""

    world: World
    uniform = False
    chosen: ClassVar[dict[str, object]] = {"PENDING_LOGINS": 40, "PASSWORD_TRIES": 10_000, "ADDRESS_BLOCK": 1}

    @initialize()
    def provision(self) -> None:
        """Two people; Anna has two phones, Boris one. A stranger has a phone of her own."""
        self.world.provision()
        self.world.set(**self.chosen)
        self.world.sms.sent.clear()
        self.world.push.sent.clear()
        self.people: list[Account] = [
            self.world.account(phone="+491701111111"),
            self.world.account(phone="+491702222222"),
        ]
        self.attempts = [Attempts(), Attempts()]
        first, boris = self.world.phone(self.people[0]), self.world.phone(self.people[1])
        second = self.world.paired_phone(first, self.people[0])
        self.phones: list[tuple[int, Phone]] = [(0, first), (0, second), (1, boris)]
        self.revoked: set[str] = set()
        self.stranger = self.world.new_phone()
        self.logins: list[Watched] = []
        self.enrolments: list[Enrolment] = []
        self.sms = len(self.world.sms)
        for who in (0, 1):
            self.a_browser_starts(who)

    def a_browser_starts(self, who: int, *, address: str = HOME) -> Watched | None:
        """Step 6; without an active phone there is no login."""
        client_address, attempts = client_address_of(address), self.attempts[who]
        started = heard(self.world.start, self.people[who], client_address=address)
        attempts.count(client_address, self.world.now)
        if not (self.uniform and self.active(who)):
            attempts.settle(client_address, self.world.now)
        if started == "too_many_attempts":
            return None
        if not self.active(who):
            assert started == "key_registration_required"
            return None
        return self.watch(started, who)

    def watch(self, started: StartedLogin, account: int | None) -> Watched:
        """Follow a login that was begun."""
        login = Watched(started, account, is_decoy=started.login.state == "decoy")
        self.logins.append(login)
        return login

    # What always holds

    @invariant()
    def the_table_says_what_the_watcher_saw(self) -> None:
        """Every login, every phone and every attempt, of both accounts, each read as it stands now."""
        for who, person in enumerate(getattr(self, "people", [])):
            rows = rows_of(person.id)
            self.phones_are_those_that_were_confirmed(who, [row for row in rows if isinstance(row, DeviceRow)])
            self.logins_are_those_that_were_begun(who, rows)
            [item] = [row for row in rows if isinstance(row, AccountRow)]
            self.attempts_are_those_that_were_made(who, item)

    def phones_are_those_that_were_confirmed(self, who: int, rows: list[DeviceRow]) -> None:
        """No more and no fewer, each in its state."""
        assert {row.sk.removeprefix("DEVICE#"): row.state for row in rows} == {
            phone.key.thumbprint: "revoked" if self.is_revoked(phone) else "active"
            for whose, phone in self.phones
            if whose == who
        }

    def logins_are_those_that_were_begun(self, who: int | None, rows: list[Row]) -> None:
        """No more and no fewer, each where it must be."""
        stored = {login_of(row).id: row for row in rows if isinstance(row, LoginRow)}
        begun = {login.started.login.id: login for login in self.logins if login.account == who}
        assert stored.keys() == begun.keys()
        for id_, login in begun.items():
            self.is_where_it_must_be(login, stored[id_])

    def is_where_it_must_be(self, login: Watched, row: LoginRow) -> None:
        """The status that the transition table gives; no session without an approval of the same account, never two."""
        status = login_of(row).status(self.world.now)
        assert status == login.stored, (status, login)
        assert (row.receipt is not None) == (("pending", "approved") in login.moves), login
        assert len(login.sessions) <= (status == "completed"), login
        if status == "completed":
            assert login.decided_by is not None
            assert (row.decided_by, login.decided_by.account_id) == (login.decided_by.key.thumbprint, row.pk)

    def attempts_are_those_that_were_made(self, who: int, row: AccountRow) -> None:
        """Its attempts and blocks, by client address; no slot but for a login that a phone sees."""
        attempts = self.attempts[who]
        counted = {key: len(ids) for key, ids in row.failed_attempts.as_dict().items() if ":" not in key}
        assert (counted, row.blocked_until.as_dict()) == (attempts.counted, attempts.blocked_until)
        own = {login.started.login.id for login in self.logins if login.account == who and not login.is_decoy}
        own |= {keys.item_id(one.pk, one.sk) for one in rows_of(row.pk) if isinstance(one, RegistrationRow)}
        assert {f"{row.pk}.{part}" for part in row.pending_logins.as_dict()} <= own

    @invariant()
    def the_log_is_whole(self) -> None:
        """And would not be without any one of its entries."""
        for person in getattr(self, "people", []):
            entered = [row for row in rows_of(person.id) if not (isinstance(row, LoginRow) and is_decoy(row))]
            rows = [row.to_simple_dict(force=True) for row in entered]
            assert log_faults(person.id, rows, self.world.now) == []
            for row in rows:
                if row["kind"] in {"login", "record"}:
                    without = [other for other in rows if other is not row]
                    assert log_faults(person.id, without, self.world.now) != []

    @invariant()
    def nobody_got_an_sms_for_nothing(self) -> None:
        """One per registration and one per resend, none besides."""
        assert len(self.world.sms) == getattr(self, "sms", len(self.world.sms))

    def teardown(self) -> None:
        """No login ever moved but as it is drawn."""
        for login in getattr(self, "logins", []):
            assert login.moves <= (UNDECIDED if login.is_decoy else documented())

    # What the watcher knows

    def login(self, which: int) -> Watched:
        """One of the logins; the latest is the simplest."""
        return self.logins[-1 - which % len(self.logins)]

    def active(self, who: int) -> bool:
        """Whether an account has a phone left."""
        return any(whose == who and not self.is_revoked(phone) for whose, phone in self.phones)

    def an_active_phone(self, who: int) -> Phone:
        """One that its account wants something of."""
        return next(phone for whose, phone in self.phones if whose == who and not self.is_revoked(phone))

    def is_forgotten(self, login: Watched) -> bool:
        """Whether it began so long ago that its browser hears nothing of it any more."""
        return self.uniform and login.started.login.created_at + VISIBLE_SECONDS <= self.world.now

    def a_session_stands(self, login: Watched) -> None:
        """With UniformLogin only now the password is told to have been right."""
        if self.uniform and login.account is not None:
            self.attempts[login.account].settle_completed(login)

    def is_revoked(self, phone: Phone) -> bool:
        """Whether its account wants nothing of it any more."""
        return phone.key.thumbprint in self.revoked

    def refused(self, login: Watched, who: int, hand: Phone, answer: object) -> bool:
        """Whether a decision was refused because of who asked; it must have been, then."""
        if self.is_revoked(hand):
            assert answer == "device_revoked"
            return True
        if login.is_decoy or who != login.account or login.started.login.created_at < self.world.now - RECENT_SECONDS:
            assert answer == "login_not_found"
            return True
        return False
