"""The watcher: what is known from outside, and what must hold after every step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from console.logbook import Logbook
from smartident.devices import DeviceRow
from smartident.errors import Refusal
from smartident.logins import LoginRow, login_of
from smartident.table import Row
from tests.properties.model import Enrolment, Watched
from tests.shelf import items
from tests.world import Phone, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartident.accesses import Access

ACCESSES = st.integers(0, 1)
WHICH = st.integers(0, 99)
PATIENCE = st.sampled_from([1, 29, 30, 60, 180])
PATIENT = {"PENDING_LOGINS": 40, "PASSWORD_TRIES": 10_000, "SOURCE_BLOCK": 1}


def heard(ask: Callable[..., Any], *args: Any, **members: Any) -> Any:
    """An answer, or the code of a refusal."""
    try:
        return ask(*args, **members)
    except Refusal as refused:
        return refused.code


def log_faults(access_id: str, rows: list[dict[str, Any]], now: int) -> list[str]:
    """What an operator would be told of the log in these rows."""
    logbook = Logbook(access_id, now)
    for row in rows:
        logbook.take(row)
    return [finding.sentence for finding in logbook.findings() if finding.is_fault]


class Watching(RuleBasedStateMachine):
    """The service beside a watcher who knows only what docs/flow.md says."""

    world: World

    @initialize()
    def furnish(self) -> None:
        """Two people; Anna has two phones, Boris one. A stranger has a phone of her own."""
        self.world.furnish()
        self.world.set(**PATIENT)
        self.world.sms.sent.clear()
        self.people: list[Access] = [self.world.access(phone="+491701111111"), self.world.access(phone="+491702222222")]
        self.phones: list[tuple[int, Phone]] = [(who, self.world.phone(self.people[who])) for who in (0, 0, 1)]
        self.revoked: set[str] = set()
        self.stranger = self.world.new_phone()
        self.logins: list[Watched] = []
        self.enrolments: list[Enrolment] = []
        self.sms = len(self.world.sms)
        for who in (0, 1):
            self.a_browser_starts(who)

    def a_browser_starts(self, who: int) -> None:
        """Step 6; without an active phone there is no login."""
        opened = heard(self.world.start, self.people[who])
        if opened == "too_many_attempts":
            return
        if not self.active(who):
            assert opened == "key_registration_required"
            return
        self.logins.append(Watched(opened, who, opened.login.expires_at))

    # What always holds

    @invariant()
    def the_table_says_what_the_watcher_saw(self) -> None:
        """Every login and every phone, of both accesses, each read as it stands now."""
        for who, person in enumerate(getattr(self, "people", [])):
            rows = [Row.from_raw_data(item) for item in items(person.id)]
            self.phones_are_those_that_were_confirmed(who, [row for row in rows if isinstance(row, DeviceRow)])
            stored = {login_of(row).id: row for row in rows if isinstance(row, LoginRow)}
            for login in self.logins:
                if login.access == who:
                    self.is_where_it_must_be(login, stored[login.opened.login.id])

    def phones_are_those_that_were_confirmed(self, who: int, rows: list[DeviceRow]) -> None:
        """No more and no fewer, each in its state."""
        assert {row.sk.removeprefix("DEVICE#"): row.state for row in rows} == {
            phone.key.thumbprint: "revoked" if phone.key.thumbprint in self.revoked else "active"
            for whose, phone in self.phones
            if whose == who
        }

    def is_where_it_must_be(self, login: Watched, row: LoginRow) -> None:
        """The status that the transition table gives; no session without an approval of the same access, never two."""
        status = login_of(row).status(self.world.now)
        assert status == login.state, login
        assert (row.receipt is not None) == (("pending", "approved") in login.moves), login
        assert len(login.sessions) <= (status == "completed"), login
        if status == "completed":
            assert login.decided_by is not None
            assert (row.decided_by, login.decided_by.access_id) == (login.decided_by.key.thumbprint, row.pk)

    @invariant()
    def the_log_is_whole(self) -> None:
        """And would not be without any one of its entries."""
        for person in getattr(self, "people", []):
            rows = [Row.from_raw_data(item).to_simple_dict() for item in items(person.id)]
            assert log_faults(person.id, rows, self.world.now) == []
            for row in rows:
                if row["kind"] in {"login", "record"}:
                    without = [other for other in rows if other is not row]
                    assert log_faults(person.id, without, self.world.now) != []

    @invariant()
    def nobody_got_an_sms_for_nothing(self) -> None:
        """One per registration and one per resend, none besides."""
        assert len(self.world.sms) == getattr(self, "sms", len(self.world.sms))

    # What the watcher knows

    def login(self, which: int) -> Watched:
        """One of the logins; the latest is the simplest."""
        return self.logins[-1 - which % len(self.logins)]

    def active(self, who: int) -> bool:
        """Whether an access has a phone left."""
        return any(whose == who and phone.key.thumbprint not in self.revoked for whose, phone in self.phones)

    def refused(self, login: Watched, who: int, hand: Phone, answer: object) -> bool:
        """Whether a decision was refused because of who asked; it must have been, then."""
        if hand.key.thumbprint in self.revoked:
            assert answer == "device_revoked"
            return True
        if who != login.access or login.opened.login.created_at <= self.world.now - 3600:
            assert answer == "login_not_found"
            return True
        return False
