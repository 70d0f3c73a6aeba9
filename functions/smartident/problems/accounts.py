"""Statuses and sentences of what the service declines that concern passwords and accounts."""

from __future__ import annotations

from smartident.problems.problem import Problem

ACCOUNTS: dict[str, Problem] = {
    "invalid_credentials": Problem(
        401,
        "Diese Anmeldedaten passen nicht zusammen. Bitte prüfen Sie Zugangsnummer (oder E-Mail-Adresse) und Passwort. "
        "Klappt es mit der E-Mail-Adresse nicht, verwenden Sie bitte Ihre Zugangsnummer.",
        "These details do not match. Please check your access number (or e-mail address) and your password. "
        "If the e-mail address does not work, please use your access number.",
    ),
    "enrolment_code_invalid": Problem(
        401,
        "Zugangsnummer und Einrichtungscode passen nicht zusammen, oder der Code gilt nicht mehr. "
        "Bitte prüfen Sie beides, oder bitten Sie FinanceApp um einen neuen Code.",
        "Access number and enrolment code do not match, or the code is no longer valid. "
        "Please check both, or ask FinanceApp for a new code.",
    ),
    "access_number_required": Problem(
        409,
        "Zu dieser E-Mail-Adresse gehören mehrere Zugänge. Bitte geben Sie stattdessen Ihre Zugangsnummer ein.",
        "This e-mail address belongs to several accounts. Please enter your access number instead.",
    ),
    "key_registration_required": Problem(
        403,
        "Bitte richten Sie zuerst die smartIDENT-App ein: App installieren, Zugang hinzufügen, Schlüssel registrieren.",
        "Please set up the smartIDENT app first: install it, add your account, register your key.",
    ),
    "account_frozen": Problem(
        403,
        "Dieser Zugang ist gesperrt. Bitte öffnen Sie ihn zuerst, oder rufen Sie FinanceApp an.",
        "This account is frozen. Please open it first, or call FinanceApp.",
    ),
    "too_many_attempts": Problem(
        429,
        "Zu viele Versuche. Zu Ihrem Schutz warten Sie bitte, bevor Sie es noch einmal versuchen.",
        "Too many attempts. For your protection, please wait before you try again.",
    ),
    "source_blocked": Problem(
        429,
        "Von diesem Internetanschluss wurde eine Anmeldung als fremd gemeldet. Er ist für diesen Zugang gesperrt. "
        "Waren Sie es selbst, melden Sie sich bitte über einen anderen Anschluss an, zum Beispiel mobil.",
        "A login from this internet connection was reported as foreign, so it is blocked for this account. "
        "If it was you, please log in over another connection, such as a mobile one.",
    ),
}
