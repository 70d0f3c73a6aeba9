"""A person's walk through all that pages and phones may ask: the phone's story, with its mistakes and its ends.

The eight steps alone leave rights unused. In these scenes every function asks AWS for all that its role allows, so a
right that is missing shows in one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labs.rehearsal.client_asks_phone import ask_phone, let_in_next_door
from labs.rehearsal.notices import be_told
from labs.rehearsal.openid import ask_quietly, sign_in_at_client, sign_out_at_client
from labs.rehearsal.page_passkey import use_passkey
from labs.rehearsal.phone_in_need import be_woken, freeze_account, make_codes
from labs.rehearsal.sockets import ask_behind_socket, waiting_page
from labs.rehearsal.walker import refused, walker
from smartident_cli.story.play import Differs, expect
from smartident_client.id_token import verified_claims
from smartident_client.typed_code import typed_code
from smartident_client.wire import WireError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from labs.rehearsal.deployment import Deployment
    from labs.rehearsal.walker import Walker
    from smartident_laptop.demo.accounts import DemoAccount

WRONG = "Sieben-Kamele-77"


def mistype(walker: Walker) -> None:
    """A name that nobody has, a wrong password, a client that there is not: page and phone refuse them."""
    person = walker.person
    nobody = f"9{person.number[1:]}"
    for name in (person.number, person.email, nobody):
        with refused("invalid_credentials"):
            walker.browser.start(name, WRONG)
    with refused("invalid_request"):
        walker.browser.start(person.number, person.password, client_id="nobody")
    for name in (person.number, person.email, f"{nobody}1"):
        with refused("invalid_credentials"):
            walker.phone.register(name, WRONG, device_name="Telefon")


def enrol(walker: Walker) -> None:
    """Steps 1 to 5, with another SMS asked for too early and a mistyped code."""
    person = walker.person
    with refused("key_registration_required"):
        walker.start()
    enrolment = walker.phone.register(person.number, person.password, device_name="Telefon der Probe")
    with refused("too_many_attempts"):
        walker.phone.resend(enrolment)
    code = walker.texted()
    with refused("code_wrong"):
        walker.phone.verify(enrolment, f"{(int(code) + 1) % 10**6:06d}")
    walker.phone.verify(enrolment, code)


def sign_in(walker: Walker) -> None:
    """Steps 6 to 8: the page waits at its WebSocket, the phone approves, the page completes, twice."""
    login = walker.start()
    with waiting_page(walker, login) as heard:
        pending = walker.shown(login)
        walker.phone.approve(pending, login.transfer_code or "")
        expect(heard() == "approved", "the browser was not told of the approval")
    for _ in range(2):
        token = walker.browser.complete(login).id_token
    verified_claims(token, wire=walker.browser.wire, client=pending.statement.client, now=walker.phone.now())


def look_around(walker: Walker) -> None:
    """The phone's own pages: its devices, a new name, the history."""
    devices = walker.phone.devices(walker.account)
    expect([one.state for one in devices] == ["active"], "the phone is not the one active device")
    walker.phone.rename(walker.account, devices[0].device_id, "Neuer Name")
    expect(walker.phone.events(walker.account).events != [], "the history is empty")


def let_in(walker: Walker) -> None:
    """Another phone, which the first one lets in, and which leaves again."""
    person, first = walker.person, walker.account
    enrolment = walker.phone.register(person.number, person.password, device_name="Neues Telefon der Probe")
    with refused("registration_pending"):
        walker.phone.verify(enrolment)
    (waiting,) = walker.phone.new_devices(first)
    walker.phone.approve(waiting, enrolment.qr_text)
    walker.phone.sign_out(walker.phone.verify(enrolment))


def mistype_digits(walker: Walker) -> None:
    """Wrong digits on the phone end a login; the page asks without its WebSocket how another stands, and gives up."""
    login = walker.start()
    wrong = f"{(int(typed_code(login.transfer_code or '0')) + 1) % 10**6:06d}"
    with refused("transfer_code_wrong"):
        walker.phone.approve(walker.shown(login), wrong)
    expect(walker.browser.status(login) != "pending", "a login with mistyped digits still waits")
    another = walker.start()
    expect(walker.browser.status(another) == "pending", "a login that nobody decided waits no more")
    walker.browser.cancel(another)


def report(walker: Walker) -> None:
    """The phone says that it was somebody else, after which nobody completes the login, or begins another one here."""
    login, walker.waiting = walker.start(), walker.start()
    walker.phone.deny(walker.shown(login), "not_me")
    with refused("login_denied"):
        walker.browser.complete(login)


def sign_out(walker: Walker) -> None:
    """The phone leaves."""
    walker.phone.sign_out(walker.account)


SCENES = (
    *(
        mistype,
        enrol,
        let_in_next_door,
        be_told,
        sign_in,
        sign_in_at_client,
        ask_quietly,
        ask_phone,
        sign_out_at_client,
    ),
    *(ask_behind_socket, look_around, let_in, be_woken, make_codes, use_passkey),
    *(mistype_digits, report, freeze_account, sign_out),
)
PLAYED: Mapping[str, Callable[[Walker], None]] = {
    "RegisterKey": enrol,
    "VerifySms": enrol,
    "Login": sign_in,
    "Browser": ask_behind_socket,
    "Approve": sign_in,
    "Complete": sign_in,
    "LoginStatus": mistype_digits,
    "Passkeys": use_passkey,
    "Devices": look_around,
    "Freeze": freeze_account,
    "RecoveryCodes": make_codes,
    "Authorize": ask_quietly,
    "Interaction": sign_in_at_client,
    "TokenEndpoint": ask_quietly,
    "Ciba": ask_phone,
    "EnrolmentCodes": let_in_next_door,
    "Ping": ask_phone,
    "EndSession": sign_out_at_client,
    "BackChannelLogout": sign_out_at_client,
    "Dispatch": be_told,
    "Notify": be_told,
    "Push": be_woken,
    "PushSubscription": be_woken,
    "SigningKeys": sign_in,
}
"""Each function of the template, and a scene that calls it."""
NEEDS: Mapping[Callable[[Walker], None], Callable[[Walker], None]] = {
    ask_quietly: sign_in_at_client,
    ask_phone: sign_in_at_client,
    sign_out_at_client: sign_in_at_client,
}
"""What a scene takes up besides the phone that was enrolled."""


def scenes_of(function: str) -> list[Callable[[Walker], None]]:
    """The fewest scenes by which a function is called, in their order."""
    own = PLAYED[function]
    return [scene for scene in SCENES if scene in {enrol, own, NEEDS.get(own, own)}]


def walk(deployment: Deployment, person: DemoAccount, where: str) -> None:
    """Walk through all scenes; raises Differs, which says where."""
    with walker(deployment, person) as one:
        for scene in SCENES:
            try:
                scene(one)
            except (Differs, WireError) as failed:
                raise Differs(f"{where}: {scene.__name__}: {failed}") from failed
