"""What a notice says, by event and language. No code, no link to act on, no address and no number of anybody."""

from __future__ import annotations

TITLES = {
    "de": {
        "account_frozen": "Ihr Zugang wurde gesperrt",
        "account_opened": "Ihr Zugang wurde wieder geöffnet",
        "device_registered": "Ein neues Gerät wurde eingerichtet",
        "device_revoked": "Ein Gerät wurde entfernt",
        "email_changed": "Ihre E-Mail-Adresse wurde geändert",
        "not_me": "Jemand kennt Ihr Passwort",
        "password_changed": "Ihr Passwort wurde geändert",
        "phone_changed": "Ihre Telefonnummer wurde geändert",
        "registration_waiting": "Jemand richtet ein weiteres Gerät ein",
    },
    "en": {
        "account_frozen": "Your account has been frozen",
        "account_opened": "Your account has been opened again",
        "device_registered": "A new device has been set up",
        "device_revoked": "A device has been removed",
        "email_changed": "Your e-mail address has been changed",
        "not_me": "Somebody knows your password",
        "password_changed": "Your password has been changed",
        "phone_changed": "Your phone number has been changed",
        "registration_waiting": "Somebody is setting up another device",
    },
}
SENTENCES = {
    "de": {
        "account_frozen": "Bis er wieder geöffnet wird, kann sich niemand anmelden.",
        "account_opened": "Sie können sich wieder anmelden.",
        "device_registered": "Von jetzt an kann dieses Gerät Anmeldungen freigeben.",
        "device_revoked": "Dieses Gerät kann keine Anmeldung mehr freigeben.",
        "email_changed": "Diese Nachricht geht auch an die bisherige Adresse.",
        "not_me": "Eine Anmeldung mit Ihrem richtigen Passwort wurde auf dem Telefon mit „Das war ich nicht“ "
        "abgelehnt. Wer sich anmelden wollte, kennt Ihr Passwort. Ändern Sie es bitte.",
        "password_changed": "Das alte Passwort gilt nicht mehr.",
        "phone_changed": "Bestätigungscodes gehen von jetzt an an die neue Nummer.",
        "registration_waiting": "Mit Ihrem richtigen Passwort wurde die Einrichtung eines Geräts begonnen. "
        "Geben Sie keinen Bestätigungscode weiter, und geben Sie nur ein Telefon frei, "
        "das Sie selbst in der Hand halten.",
    },
    "en": {
        "account_frozen": "Until it is opened again, nobody can log in.",
        "account_opened": "You can log in again.",
        "device_registered": "From now on, this device can approve logins.",
        "device_revoked": "This device can no longer approve logins.",
        "email_changed": "This message also goes to the former address.",
        "not_me": "A login with your right password was declined on the phone with “That was not me”. "
        "The person who tried to log in knows your password. Please change it.",
        "password_changed": "The old password is no longer valid.",
        "phone_changed": "From now on, confirmation codes go to the new number.",
        "registration_waiting": "The setup of a device was begun with your right password. "
        "Pass no confirmation code on, and let in no phone but one that you hold in your own hand.",
    },
}
LABELS = {
    "de": {"what": "Was", "when": "Wann", "where": "Von wo", "device": "Gerät", "by": "Durch", "account": "Zugang"},
    "en": {"what": "What", "when": "When", "where": "From where", "device": "Device", "by": "By", "account": "Account"},
}
OPERATORS = {"de": "Kundendienst von {client}", "en": "customer service of {client}"}
UNKNOWN = {"de": "nicht bekannt", "en": "not known"}
ACCOUNTS = {"de": "Nummer endet auf {digits}", "en": "number ends with {digits}"}
GREETINGS = {"de": "Guten Tag {name},", "en": "Hello {name},"}
OBJECTIONS = {
    "de": "Waren Sie das nicht? Öffnen Sie die App smartIDENT. Sehen Sie unter „Geräte“ und „Verlauf“ nach, was "
    "geschehen ist, und entfernen Sie dort jedes fremde Gerät. Melden Sie sich danach sofort bei uns: {contact}",
    "en": "Was this not you? Open the smartIDENT app. Look under “Devices” and “History” what has happened, and remove "
    "every strange device there. Then contact us at once: {contact}",
}
FOOTERS = {
    "de": "{client} fragt Sie nie nach einem Passwort oder Bestätigungscode. Auf diese Nachricht können Sie nicht "
    "antworten.",
    "en": "{client} never asks you for a password or confirmation code. You cannot reply to this message.",
}
NO_CONTACT = {"de": "{client}, auf dem Weg, den Sie kennen", "en": "{client}, in the way that you know"}
# GSM-7 letters only, so that one message of 160 characters suffices.
SMS = {
    "de": "{client}: {title}. Waren Sie das nicht? Öffnen Sie die App smartIDENT und melden Sie sich sofort bei uns.",
    "en": "{client}: {title}. Was this not you? Open the smartIDENT app and contact us at once.",
}
