"""Statuses and sentences of what the service declines that concern logins and approvals."""

from __future__ import annotations

from smartident.problems.problem import Problem

LOGINS: dict[str, Problem] = {
    "login_not_found": Problem(
        404,
        "Diese Anmeldung gibt es nicht mehr. Bitte melden Sie sich auf der Webseite neu an.",
        "This login no longer exists. Please log in on the website again.",
    ),
    "login_expired": Problem(
        410,
        "Die Zeit für diese Anmeldung ist abgelaufen. Bitte melden Sie sich auf der Webseite neu an.",
        "The time for this login is over. Please log in on the website again.",
    ),
    "login_decided": Problem(
        409,
        "Über diese Anmeldung ist schon entschieden. Bitte sehen Sie unter „Freigabe“ nach, ob noch etwas offen ist.",
        "This login is decided already. Please look under “Approvals” whether anything is still open.",
    ),
    "transfer_code_wrong": Problem(
        422,
        "Der Übertragungscode war falsch. Zur Sicherheit gilt diese Anmeldung nicht mehr. "
        "Bitte melden Sie sich auf der Webseite neu an.",
        "The transfer code was wrong. To be safe, this login is no longer valid. Please log in on the website again.",
    ),
    "approval_invalid": Problem(
        422,
        "Die Freigabe konnte nicht geprüft werden. Bitte bestätigen Sie noch einmal mit Face ID oder Fingerabdruck.",
        "The approval could not be verified. Please confirm once more with Face ID or fingerprint.",
    ),
    "approval_required": Problem(
        403,
        "Ein anderes Gerät sperren Sie nur mit Face ID oder Fingerabdruck. Bitte bestätigen Sie es in der App.",
        "You block another device only with Face ID or fingerprint. Please confirm it in the app.",
    ),
    "login_pending": Problem(
        409,
        "Diese Anmeldung wartet noch. Bitte geben Sie sie in der smartIDENT-App frei.",
        "This login is still waiting. Please approve it in the smartIDENT app.",
    ),
    "login_denied": Problem(
        403,
        "Diese Anmeldung wurde abgelehnt. Waren Sie das nicht, ändern Sie bitte Ihr Passwort.",
        "This login was declined. If that was not you, please change your password.",
    ),
}
