"""The story of a lost phone, in four steps after the eight: codes made in time, and a new phone by one of them."""

from smartident_cli.story.new_phone import Hands
from smartident_cli.story.play import Person, expect, step
from smartident_cli.terminal import Terminal
from smartident_client.keystore import Account
from smartident_client.pairing import Enrolment
from smartident_client.phone import Phone
from smartident_client.recovery_codes import (
    MadeRecoveryCodes,
    confirm_recovery_codes,
    make_recovery_codes,
    recovery_codes_left,
)
from smartident_client.wire import Refused

SET = 10


def lose_the_phone(person: Person, account: Account, hands: Hands, terminal: Terminal) -> None:
    """Play the four steps: the old phone is in hand for the first two only."""
    with step(13, terminal):
        made = make_codes(account, hands.old, terminal)
    with step(14, terminal):
        type_back(made, account, hands.old, terminal)
    with step(15, terminal):
        enrolment = begin(person, made, hands.new, terminal)
    with step(16, terminal):
        arrive(enrolment, made, person, hands, terminal)


def make_codes(account: Account, old: Phone, terminal: Terminal) -> MadeRecoveryCodes:
    """Ten codes, shown once; none of them counts yet."""
    before = recovery_codes_left(old, account)
    made = make_recovery_codes(old, account)
    expect(len(set(made.codes)) == SET, f"{len(set(made.codes))} codes were made")
    expect(recovery_codes_left(old, account) == before, "codes count that nobody has typed back")
    terminal.say("codes_shown", code=made.codes[0])
    return made


def type_back(made: MadeRecoveryCodes, account: Account, old: Phone, terminal: Terminal) -> None:
    """A code of the paper, typed back: from now on the set counts."""
    left = confirm_recovery_codes(old, account, made.set_id, made.codes[0].lower().replace("-", " "))
    expect(left.left == SET, f"{left.left} codes count")
    terminal.say("codes_count", left=left.left)


def begin(person: Person, made: MadeRecoveryCodes, new: Phone, terminal: Terminal) -> Enrolment:
    """Password and code: no SMS, and nobody asks the old phone."""
    name, code = "Telefon nach dem Verlust", made.codes[0]
    enrolment = new.register(person.identifier, person.password, device_name=name, recovery_code=code)
    expect(enrolment.registration.confirm_by == "recovery", "the code did not confirm the registration")
    terminal.say("code_typed")
    return enrolment


def arrive(enrolment: Enrolment, made: MadeRecoveryCodes, person: Person, hands: Hands, terminal: Terminal) -> None:
    """The new phone is in and cools off; the code lets nobody else in."""
    mine = hands.new.verify(enrolment)
    left = recovery_codes_left(hands.new, mine)
    expect(left.left == SET - 1, f"{left.left} codes are left")
    try:
        make_recovery_codes(hands.new, mine)
    except Refused as refused:
        expect(refused.code == "cooling_off", f"the new phone was refused as {refused.code}")
    else:
        expect(kept=False, broken="a phone that cools off made recovery codes")
    try:
        hands.new.register(person.identifier, person.password, device_name="?", recovery_code=made.codes[0])
    except Refused as refused:
        expect(refused.code == "recovery_refused", f"the used code was refused as {refused.code}")
    else:
        expect(kept=False, broken="a code let two phones in")
    terminal.say("recovered", access_number=mine.access_number, display_name=mine.display_name, left=left.left)
