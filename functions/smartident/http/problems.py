"""The one table from a refusal to its status and its sentences (RFC 9457), German first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smartident.http.languages import language

if TYPE_CHECKING:
    from smartident.errors import Refusal

TYPE = "urn:smartident:problem:"


@dataclass(frozen=True)
class Problem:
    """What the caller sees of a refusal: the status, and what to do now."""

    status: int
    de: str
    en: str


PROBLEMS: dict[str, Problem] = {
    "invalid_request": Problem(
        400,
        "Diese Angaben können wir so nicht verarbeiten. Bitte prüfen Sie Ihre Eingabe.",
        "We cannot work with this input. Please check what you entered.",
    ),
    "origin_refused": Problem(
        403,
        "Diese Seite darf keine Anmeldung starten. Bitte öffnen Sie FinanceApp über die gewohnte Adresse.",
        "This page may not start a login. Please open FinanceApp at its usual address.",
    ),
    "public_url_required": Problem(
        403,
        "Unter dieser Adresse nehmen wir keine Anfragen an. Bitte öffnen Sie FinanceApp über die gewohnte Adresse.",
        "We take no requests at this address. Please open FinanceApp at its usual address.",
    ),
    "invalid_credentials": Problem(
        401,
        "Diese Anmeldedaten passen nicht zusammen. Bitte prüfen Sie Zugangsnummer (oder E-Mail-Adresse) und Passwort. "
        "Klappt es mit der E-Mail-Adresse nicht, verwenden Sie bitte Ihre Zugangsnummer.",
        "These details do not match. Please check your access number (or e-mail address) and your password. "
        "If the e-mail address does not work, please use your access number.",
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
    "phone_number_unusable": Problem(
        409,
        "Für diesen Zugang ist keine Telefonnummer hinterlegt, an die wir eine SMS senden können. "
        "Bitte rufen Sie FinanceApp an.",
        "This account has no phone number that we can send a text message to. Please call FinanceApp.",
    ),
    "registration_not_found": Problem(
        404,
        "Diese Einrichtung gibt es nicht mehr. Bitte beginnen Sie in der App von vorn.",
        "This setup no longer exists. Please start again in the app.",
    ),
    "registration_expired": Problem(
        410,
        "Die Zeit für diese Einrichtung ist abgelaufen. Bitte beginnen Sie in der App von vorn.",
        "The time for this setup is over. Please start again in the app.",
    ),
    "code_wrong": Problem(
        422,
        "Dieser Bestätigungscode stimmt nicht. Bitte prüfen Sie die SMS und geben Sie den Code noch einmal ein.",
        "This confirmation code is not right. Please check the text message and enter the code again.",
    ),
    "code_exhausted": Problem(
        410,
        "Der Bestätigungscode wurde zu oft falsch eingegeben und gilt nicht mehr. "
        "Bitte beginnen Sie in der App von vorn.",
        "The confirmation code was entered wrongly too often and is no longer valid. Please start again in the app.",
    ),
    "sms_unavailable": Problem(
        503,
        "Die SMS konnte gerade nicht gesendet werden. Bitte versuchen Sie es gleich noch einmal.",
        "The text message could not be sent just now. Please try again in a moment.",
    ),
    "proof_invalid": Problem(
        401,
        "Dieser Zugang gilt auf diesem Gerät nicht mehr. Bitte richten Sie ihn neu ein.",
        "This account is no longer valid on this device. Please set it up again.",
    ),
    "proof_stale": Problem(
        401,
        "Die Uhr dieses Geräts geht falsch. Bitte stellen Sie Datum und Uhrzeit auf automatisch.",
        "The clock of this device is wrong. Please set date and time to automatic.",
    ),
    "device_revoked": Problem(
        401,
        "Dieses Gerät wurde für den Zugang gesperrt. Bitte richten Sie den Zugang neu ein.",
        "This device has been blocked for the account. Please set up the account again.",
    ),
    "device_not_found": Problem(
        404,
        "Dieses Gerät gibt es in Ihrem Zugang nicht. Bitte laden Sie die Liste der Geräte neu.",
        "There is no such device in your account. Please reload the list of devices.",
    ),
    "device_limit_reached": Problem(
        409,
        "Für diesen Zugang sind schon so viele Geräte eingerichtet wie erlaubt. Bitte sperren Sie zuerst eines davon: "
        "in der App auf einem der anderen Geräte unter „Zugänge“, oder rufen Sie FinanceApp an.",
        "This account already has as many devices as it may have. Please block one of them first: "
        "in the app on one of the other devices under “Accounts”, or call FinanceApp.",
    ),
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
    "signing_unavailable": Problem(
        503,
        "Die Anmeldung ist freigegeben, kann aber gerade nicht abgeschlossen werden. "
        "Bitte versuchen Sie es gleich noch einmal.",
        "The login is approved but cannot be completed just now. Please try again in a moment.",
    ),
    "service_unavailable": Problem(
        503,
        "Der Dienst ist gerade nicht erreichbar. Bitte versuchen Sie es gleich noch einmal.",
        "The service cannot be reached just now. Please try again in a moment.",
    ),
    "internal_error": Problem(
        500,
        "Da ist bei uns etwas schiefgegangen. Bitte versuchen Sie es noch einmal.",
        "Something went wrong on our side. Please try once more.",
    ),
}


def body(refusal: Refusal, *, accept_language: str, request_id: str) -> dict[str, object]:
    """The problem document of a refusal: its code, its sentence and its details, but not its message."""
    problem = PROBLEMS[refusal.code]
    title = problem.en if language(accept_language) == "en" else problem.de
    return {
        "type": TYPE + refusal.code,
        "title": title,
        "status": problem.status,
        "code": refusal.code,
        "request_id": request_id,
        **refusal.details,
    }
