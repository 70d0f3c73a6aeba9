"""Anybody does anything in any order: browsers, three phones of two accounts, attackers, time, and repeats."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from complete.step import finish_login
from login_status.step import follow_login, give_up_login
from smartident.approvals.decide import Approve
from smartident.settings import settings
from smartident_client import base64url
from tests.properties.enrolling import Enrolling
from tests.properties.watching import ACCOUNTS, PATIENCE, WHICH, heard
from tests.support import forged_evidence
from tests.support.enrolment import other_code
from tests.support.scenarios import CHANGED_MY_MIND, NOT_ME
from tests.support.world import ELSEWHERE, URL


class Everybody(Enrolling):
    """Browsers, phones, attackers and time."""

    # Time

    @rule(seconds=PATIENCE)
    def time_passes(self, seconds: int) -> None:
        """Wait."""
        self.world.later(seconds)
        for login in self.logins:
            login.age(self.world.now)

    # Browsers

    @rule(who=ACCOUNTS)
    def a_browser_asks(self, who: int) -> None:
        """Step 6."""
        self.a_browser_starts(who)

    @precondition(lambda self: self.logins)
    @rule(which=WHICH)
    def a_browser_completes(self, which: int) -> None:
        """The end of step 8, as often as one likes."""
        login, now = self.login(which), self.world.now
        answer = heard(self.world.complete, login.started)
        if login.state == "approved":
            login.move("completed")
            login.completed_at = now
            assert login.decided_by is not None
            assert login.decided_by.key.thumbprint not in self.revoked
        if login.state == "completed" and now < login.completed_at + 30:
            login.sessions.add(answer["id_token"].rpartition(".")[0])
            self.a_session_stands(login)
            return
        if self.is_forgotten(login):
            assert answer == "login_not_found"
            return
        refusals = {"pending": "login_pending", "denied": "login_denied", "cancelled": "login_denied"}
        assert answer == refusals.get(login.state, "login_expired")

    @precondition(lambda self: self.logins)
    @rule(which=WHICH)
    def a_browser_gives_up(self, which: int) -> None:
        """It cancels, perhaps twice, perhaps too late."""
        login = self.login(which)
        answer = heard(give_up_login, login.started.login.id, login.started.token, now=self.world.now)
        assert answer == ("login_not_found" if self.is_forgotten(login) else None)
        if self.is_forgotten(login):
            return
        if login.state in {"pending", "approved"}:
            login.move("cancelled")

    @rule(who=ACCOUNTS)
    def a_person_logs_in(self, who: int) -> None:
        """Steps 6 to 8, in one go."""
        own = [at for at, (whose, hand) in enumerate(self.phones) if whose == who and not self.is_revoked(hand)]
        login = self.a_browser_starts(who)
        if login is not None and not login.is_decoy:
            self.a_phone_decides(0, own[0], right=True)
            self.a_browser_completes(0)
            assert login.state == "completed"

    # Phones

    @precondition(lambda self: self.logins)
    @rule(which=WHICH)
    def the_person_approves(self, which: int) -> None:
        """Step 8 as it should be."""
        own = [at for at, (who, _) in enumerate(self.phones) if who == self.login(which).account] or [0]
        self.a_phone_decides(which, own[which % len(own)], right=True)

    @precondition(lambda self: self.logins)
    @rule(which=WHICH, phone=WHICH, right=st.booleans())
    def a_phone_approves(self, which: int, phone: int, *, right: bool) -> None:
        """Step 8 of anybody."""
        self.a_phone_decides(which, phone, right=right)

    def a_phone_decides(self, which: int, phone: int, *, right: bool) -> None:
        """Step 8 of any phone over any login, with the right transfer code or another."""
        login, (who, hand) = self.login(which), self.phones[phone % len(self.phones)]
        code = login.started.transfer_code or ""
        answer = heard(self.world.approve, hand, login.started, code if right else other_code(code))
        if self.refused(login, who, hand, answer):
            return
        own = login.decided_by is hand
        if login.state == "pending":
            login.move("approved" if right else "denied")
            login.decided_by, login.approved_at = hand, self.world.now
            assert answer == ("approved" if right else "transfer_code_wrong")
        elif login.was_approved_by(hand):
            assert answer == "approved"
        elif own and answer == "transfer_code_wrong":
            assert login.state == "denied"
        else:
            assert answer == ("login_expired" if login.state == "expired" else "login_decided")

    @precondition(lambda self: self.logins)
    @rule(which=WHICH, phone=WHICH, ask=st.sampled_from([NOT_ME, CHANGED_MY_MIND]))
    def a_phone_denies(self, which: int, phone: int, ask: Any) -> None:
        """Step 8 the other way; a denial also ends an approval."""
        login, (who, hand) = self.login(which), self.phones[phone % len(self.phones)]
        answer = heard(self.world.decide, hand, login.started.login.id, ask)
        if self.refused(login, who, hand, answer):
            return
        if login.state in {"pending", "approved"}:
            login.move("denied")
            login.decided_by, login.reason = hand, ask.reason
            assert answer == "denied"
            if ask is NOT_ME:
                self.attempts[who].blocked_until[login.client_address] = self.world.now + settings().address_block
        elif login.state == "denied" and login.decided_by is hand:
            assert answer == ("denied" if ask.reason == login.reason else "login_decided")
        else:
            assert answer == ("login_expired" if login.state == "expired" else "login_decided")

    @rule(phone=WHICH)
    def a_phone_looks(self, phone: int) -> None:
        """What waits, and what became of the rest: the logins of its account, all of them and no others."""
        who, hand = self.phones[phone % len(self.phones)]
        listed, page = heard(self.world.listed, hand), heard(self.world.events, hand)
        if self.is_revoked(hand):
            assert listed == page == "device_revoked"
            return
        mine = [login for login in self.logins if login.account == who and not login.is_decoy]
        own = {(login.started.login.id, login.state) for login in mine}
        told = {(event["login_id"], event["type"]) for event in page["events"] if event["login_id"]}
        assert {one["login_id"] for one in listed} == {id_ for id_, state in own if state == "pending"}
        assert page["next"] or told == {(id_, f"login_{state}") for id_, state in own if state != "pending"}

    @rule(by=WHICH, lost=WHICH)
    def a_phone_revokes(self, by: int, lost: int) -> None:
        """Any phone revokes any other, of its account or not."""
        (who, hand), (whose, gone) = self.phones[by % len(self.phones)], self.phones[lost % len(self.phones)]
        answer = heard(self.world.revoke, hand, gone.key.thumbprint)
        if self.is_revoked(hand):
            assert answer == "device_revoked"
        elif who != whose:
            assert answer == "device_not_found"
        else:
            self.revoked.add(gone.key.thumbprint)
            for login in self.logins:
                if login.state == "approved" and login.decided_by is gone:
                    login.move("denied")

    # Attackers

    @precondition(lambda self: self.logins)
    @rule(which=WHICH, other=WHICH)
    def an_attacker_has_the_ids(self, which: int, other: int) -> None:
        """Who knows every id, but no token and no key, hears that there is nothing."""
        login, second = self.login(which), self.login(other)
        id_, token = login.started.login.id, second.started.token if second is not login else login.started.ticket
        assert heard(follow_login, id_, token, now=self.world.now) == "login_not_found"
        assert heard(give_up_login, id_, token, now=self.world.now) == "login_not_found"
        assert heard(finish_login, id_, token, issuer=URL, now=self.world.now) == "login_not_found"
        self.stranger.account_id = login.started.login.account_id
        assert heard(self.world.approve, self.stranger, login.started) == "proof_invalid"

    @precondition(lambda self: self.logins)
    @rule(which=WHICH, phone=WHICH)
    def an_attacker_signs_with_her_own_approval_key(self, which: int, phone: int) -> None:
        """A phone whose device key was stolen, but whose finger was not."""
        login, (who, hand) = self.login(which), self.phones[phone % len(self.phones)]
        statement = base64url.encode(login.started.login.statement.encode())
        said = forged_evidence.decision(statement, login.started.transfer_code or "", now=self.world.now)
        answer = heard(
            self.world.decide, hand, login.started.login.id, Approve(forged_evidence.evidence(self.stranger, said))
        )
        if not self.refused(login, who, hand, answer):
            assert answer in {"approval_invalid", "login_decided", "login_expired", "approved", "transfer_code_wrong"}
            assert answer != "approved" or login.was_approved_by(hand)

    @rule(who=ACCOUNTS)
    def an_attacker_has_the_password(self, who: int) -> None:
        """She starts, and can do nothing with what she gets until a phone says yes."""
        login = self.a_browser_starts(who, address=ELSEWHERE)
        if login is not None:
            assert heard(self.world.complete, login.started) == "login_pending"
