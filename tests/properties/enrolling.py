"""Phones that register, and who would like to have their codes."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from smartident.rate_limiting.client_address import client_address_of
from tests.properties.model import Enrolment
from tests.properties.watching import ACCOUNTS, WHICH, Watching, heard
from tests.support.world import HOME


class Enrolling(Watching):
    """Steps 3 and 4, in any order and as often as anybody likes."""

    @precondition(lambda self: len(self.phones) + len(self.enrolments) < 8)
    @rule(who=ACCOUNTS)
    def a_phone_registers(self, who: int) -> None:
        """Step 3 of an account without a phone: one SMS, to the number that the account has."""
        if self.active(who):
            return
        phone = self.world.new_phone()
        registered = heard(self.world.register, self.people[who], phone)
        self.attempts[who].settle(client_address_of(HOME), self.world.now)
        if registered == "too_many_attempts":
            return
        self.sms += 1
        self.enrolments.append(Enrolment(registered, phone, who, self.world.sms.code(), self.world.now))

    @precondition(lambda self: len(self.phones) + len(self.enrolments) < 8)
    @rule(who=ACCOUNTS, approves=st.booleans())
    def a_phone_asks_an_old_one(self, who: int, approves: bool) -> None:
        """While an account has a phone, no SMS is sent and the old phone alone lets the new one in."""
        if not self.active(who):
            return
        phone, old = self.world.new_phone(), self.an_active_phone(who)
        registered = heard(self.world.register, self.people[who], phone)
        self.attempts[who].settle(client_address_of(HOME), self.world.now)
        if registered in {"too_many_attempts", "another_phone_waits"}:
            return
        assert heard(self.world.verify, registered, phone) == "registration_pending"
        if approves:
            self.world.let_in(old, registered)
            assert self.world.verify(registered, phone) == phone.key.thumbprint
            self.phones.append((who, phone))

    @precondition(lambda self: self.enrolments)
    @rule(which=WHICH)
    def a_phone_asks_for_another_code(self, which: int) -> None:
        """A new SMS, or a refusal that says why."""
        one, now = self.enrolments[which % len(self.enrolments)], self.world.now
        answer = heard(self.world.resend, one.registered, one.phone)
        if one.verified or one.sent_at + 300 <= now or self.active(one.account):
            assert answer == "registration_expired"
        elif len(one.codes) >= 3:
            assert answer == "code_exhausted"
        elif one.sends >= 3 or now < one.sent_at + 30:
            assert answer == "too_many_attempts"
        else:
            self.sms += 1
            one.sends, one.sent_at, one.code = one.sends + 1, now, self.world.sms.code()

    @precondition(lambda self: self.enrolments)
    @rule(which=WHICH, away=st.integers(0, 3))
    def a_phone_confirms(self, which: int, away: int) -> None:
        """Step 4 with the code of the last SMS, or another; the same one again is no further try."""
        one, right = self.enrolments[which % len(self.enrolments)], away == 0
        code = f"{(int(one.code) + away) % 10**6:06d}"
        answer = heard(self.world.verify, one.registered, one.phone, code)
        thumbprint = one.phone.key.thumbprint
        if one.verified:
            expected = ("device_revoked" if thumbprint in self.revoked else thumbprint) if right else "code_exhausted"
        elif one.sent_at + 300 <= self.world.now:
            expected = "registration_expired"
        elif len(one.codes | {code}) > 3:
            expected = "code_exhausted"
        else:
            one.codes.add(code)
            admitted = right and not self.active(one.account)
            late = "registration_expired" if right else "code_wrong" if len(one.codes) < 3 else "code_exhausted"
            expected = thumbprint if admitted else late
            if admitted:
                one.verified = True
                self.phones.append((one.account, one.phone))
        assert answer == expected

    @precondition(lambda self: self.enrolments)
    @rule(which=WHICH)
    def an_attacker_intercepts_a_code(self, which: int) -> None:
        """Another phone's code, or the right one under another key, enrols nobody."""
        one = self.enrolments[which % len(self.enrolments)]
        assert heard(self.world.verify, one.registered, self.world.new_phone(), one.code) == "registration_not_found"
