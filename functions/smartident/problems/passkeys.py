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
    "passkey_required": Problem(
        403,
        "Hier geht es nur mit Ihrem Passkey. Bitte wählen Sie auf der Anmeldeseite „Mit Passkey anmelden“.",
        "This works only with your passkey. Please choose “Log in with a passkey” on the login page.",
    ),
    "passkey_not_allowed": Problem(
        403,
        "Hier geht es nicht mit einem Passkey. Bitte melden Sie sich mit Zugangsnummer und Passwort an "
        "und bestätigen Sie in der smartIDENT-App.",
        "This does not work with a passkey. Please log in with your access number and password, "
        "and confirm in the smartIDENT app.",
    ),
    "synced_passkey_refused": Problem(
        403,
        "Dieser Passkey wird zwischen Ihren Geräten synchronisiert. Hier gilt nur einer, der auf einem Gerät bleibt, "
        "zum Beispiel auf einem Sicherheitsschlüssel.",
        "This passkey is synced between your devices. Only one that stays on a single device counts here, "
        "such as one on a security key.",
    ),
    "passkey_too_new": Problem(
        403,
        "Dieser Passkey ist noch zu neu dafür. Bitte nehmen Sie einen, den Sie schon länger haben, "
        "oder versuchen Sie es morgen noch einmal.",
        "This passkey is still too new for that. Please use one that you have had longer, or try again tomorrow.",
    ),
    "two_passkeys_required": Problem(
        409,
        "Dafür brauchen Sie zwei Passkeys, oder einen Passkey und Wiederherstellungscodes: So kommen Sie noch hinein, "
        "wenn einer verloren geht. Bitte richten Sie zuerst einen weiteren Passkey ein oder erstellen Sie in der App "
        "Wiederherstellungscodes.",
        "You need two passkeys for this, or one passkey and recovery codes, so that you still get in if one is lost. "
        "Please create another passkey first, or make recovery codes in the app.",
    ),
    "last_passkey": Problem(
        409,
        "Das ist Ihr letzter Passkey, und Sie melden sich nur mit Passkey an. Bitte richten Sie zuerst einen anderen "
        "ein, oder erlauben Sie wieder die Anmeldung mit dem Telefon.",
        "This is your last passkey, and you log in with passkeys only. Please create another one first, "
        "or allow logging in with the phone again.",
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
