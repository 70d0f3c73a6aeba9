"""Statuses and sentences of what the service declines that concern passkeys."""

from __future__ import annotations

from smartident.problems.problem import Problem

PASSKEYS: dict[str, Problem] = {
    "passkey_refused": Problem(
        403,
        "Mit diesem Passkey hat es nicht geklappt. Bitte versuchen Sie es noch einmal oder melden Sie sich "
        "mit Zugangsnummer und Passwort an.",
        "This passkey did not work. Please try again, or log in with your access number and password.",
    ),
    "passkey_limit_reached": Problem(
        409,
        "Für diesen Zugang sind schon zehn Passkeys eingerichtet. Bitte entfernen Sie zuerst einen davon.",
        "This account already has ten passkeys. Please remove one of them first.",
    ),
    "fresh_login_required": Problem(
        403,
        "Zu Ihrer Sicherheit melden Sie sich bitte neu an und bestätigen Sie die Anmeldung in der smartIDENT-App.",
        "For your security, please log in again and confirm the login in the smartIDENT app.",
    ),
}
