"""Statuses and sentences of what the service declines that concern recovery codes."""

from __future__ import annotations

from smartident.problems.problem import Problem

RECOVERY: dict[str, Problem] = {
    "recovery_refused": Problem(
        401,
        "Diese Angaben passen nicht zusammen. Bitte prüfen Sie Zugangsnummer, Passwort und Wiederherstellungscode. "
        "Jeder Code gilt nur einmal. Klappt es nicht, rufen Sie bitte FinanceApp an.",
        "These details do not match. Please check your access number, your password and the recovery code. "
        "Each code works only once. If it does not work, please call FinanceApp.",
    ),
    "recovery_code_wrong": Problem(
        422,
        "Dieser Code gehört nicht zu den Codes, die Sie gerade erhalten haben. "
        "Bitte tippen Sie einen davon noch einmal ab.",
        "This code is not one of those that you have just got. Please type one of them again.",
    ),
    "recovery_codes_expired": Problem(
        410,
        "Diese Wiederherstellungscodes gelten nicht. Bitte lassen Sie sich in der App neue geben "
        "und werfen Sie diese weg.",
        "These recovery codes are not valid. Please get new ones in the app and throw these away.",
    ),
    "recovery_delayed": Problem(
        403,
        "Dieser Zugang lässt bisher nur Passkeys zu. Alle Ihre Geräte und Adressen wissen jetzt Bescheid. Nach der "
        "Wartezeit melden Sie sich wieder mit Ihrem Telefon an oder richten hier mit demselben Code ein neues ein.",
        "This account allows passkeys only so far. We have told all your devices and addresses. After the waiting "
        "time, log in with your phone again, or set up a new one here with the same code.",
    ),
    "recovery_codes_not_allowed": Problem(
        403,
        "Dieser Zugang lässt nur Passkeys zu. Melden Sie sich auf der Webseite mit Ihrem Passkey an und erlauben Sie "
        "dort zuerst wieder das Telefon. Danach können Sie hier neue Codes erstellen.",
        "This account allows passkeys only. Log in on the website with your passkey and allow the phone there first. "
        "Then you can make new codes here.",
    ),
}
