"""`smartident phone freeze|open`: "Zugang sperren" on the phone, and how it is opened again."""

from smartident_cli.options import AsJson, LanguageOption
from smartident_cli.phone.options import DEFAULT_FILE, File, Number, Url, chosen_account, phone_in_hand
from smartident_client import freeze as freezing


def freeze(
    *,
    account: Number = "",
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Let nobody into an account until it is opened again; asks once, and for no fingerprint."""
    with phone_in_hand(url, file, language, as_json=as_json) as (phone, terminal):
        holder = chosen_account(phone, account, terminal)
        if not terminal.confirm("ask_phone_freeze", number=holder.access_number):
            terminal.give_up("phone_not_frozen")
        freezing.freeze(phone, holder)
        terminal.say("phone_frozen", number=holder.access_number)
        terminal.answer(access_number=holder.access_number, frozen=True)


def open_(
    *,
    account: Number = "",
    url: Url = "",
    file: File = DEFAULT_FILE,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Open a frozen account with the fingerprint, if it had this phone a day before the freeze."""
    with phone_in_hand(url, file, language, as_json=as_json) as (phone, terminal):
        holder = chosen_account(phone, account, terminal)
        since = freezing.frozen(phone, holder)
        if since is None:
            terminal.give_up("phone_is_open", number=holder.access_number)
        terminal.say("phone_frozen_since", moment=terminal.moment(since.frozen_at))
        if not terminal.confirm("ask_fingerprint"):
            terminal.give_up("phone_still_frozen")
        freezing.open_again(phone, holder, since)
        terminal.say("phone_opened", number=holder.access_number)
        terminal.answer(access_number=holder.access_number, frozen=False)
