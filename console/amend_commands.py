"""`smartident account set-…`: what an operator sets anew about an account; its owner reads each in the history."""

import time
from typing import Annotated

import typer

from console.candidates import REGION, Unfit, fit_email, fit_new_password, fit_phone
from console.operator_options import LAPTOP_PORT, OnLaptop, Port, StackName, Who, at_work, the_account
from console.phone_options import Speech, give_up
from console.voice import Voice
from smartident.admin.change import change_email, change_password, change_phone
from smartident.errors import SmsUnavailable
from smartident.notify.sms import check_country


def set_password(
    who: Who,
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: Speech = "de",
) -> None:
    """Set a new password, asked for or read from a pipe; what was begun with the old one ends."""
    with at_work(stack, local, port, language) as (_, voice):
        account = the_account(who, voice)
        password = new_password(voice, "changed_password", alone=not account.two_factor)
        change_password(account.id, password, now=int(time.time()))
        voice.say("password_set", number=account.number)


def set_phone(
    who: Who,
    phone: Annotated[str, typer.Argument(help="Phone number for the SMS.")],
    *,
    region: Annotated[str, typer.Option(help="Country of a phone number without country code.")] = REGION,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: Speech = "de",
) -> None:
    """Set the number that SMS go to; registrations whose code went to the old one end, phones stay registered."""
    with at_work(stack, local, port, language) as (_, voice):
        account = the_account(who, voice)
        number = fit_phone(phone, region)
        if number is None:
            raise Unfit("phone", "phone_unfit")
        change_phone(account.id, number, now=int(time.time()))
        voice.say("phone_set", number=account.number, phone=number)
        note_country(number, voice)


def set_email(
    who: Who,
    email: Annotated[str, typer.Argument(help='E-mail; "" for none.')],
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: Speech = "de",
) -> None:
    """Set the e-mail that the account is found by, or none."""
    with at_work(stack, local, port, language) as (_, voice):
        account = the_account(who, voice)
        spelled = fit_email(email)
        change_email(account.id, spelled, now=int(time.time()))
        voice.say("email_set", number=account.number, email=spelled or voice.text("none"))


def new_password(voice: Voice, sentence: str, *, alone: bool) -> str:
    """A password asked for twice, or read once from a pipe; raises Unfit."""
    password = voice.ask_secret(sentence)
    if not password:
        raise Unfit("password", "password_or_hash")
    if voice.typed and voice.ask_secret("password_again") != password:
        give_up(voice, "passwords_differ")
    return fit_new_password(password, alone=alone)


def note_country(phone: str | None, voice: Voice) -> None:
    """Complain if the service sends no SMS to this number."""
    if phone is not None:
        try:
            check_country(phone)
        except SmsUnavailable:
            voice.complain("sms_country")
