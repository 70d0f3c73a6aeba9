"""What a notice says, by event and language. No code, no address and no number of anybody; its link acts on a press."""

from __future__ import annotations

TITLES = {
    "de": {
        "account_frozen": "Ihr Zugang wurde gesperrt",
        "account_opened": "Ihr Zugang wurde wieder geöffnet",
        "device_registered": "Ein neues Gerät wurde eingerichtet",
        "device_registered_by_code": "Ein Gerät wurde mit einem Einrichtungscode eingerichtet",
        "device_retired": "Ihr altes Telefon ist abgemeldet",
        "device_revoked": "Ein Gerät wurde entfernt",
        "email_changed": "Ihre E-Mail-Adresse wurde geändert",
        "enrolment_code_issued": "Ein Einrichtungscode wurde ausgestellt",
        "not_me": "Jemand kennt Ihr Passwort",
        "passkey_made": "Ein neuer Passkey wurde eingerichtet",
        "passkey_only_ending": "Anmeldung bald auch wieder ohne Passkey",
        "passkey_only_on": "Anmeldung nur noch mit Passkey",
        "passkey_removed": "Ein Passkey wurde entfernt",
        "password_changed": "Ihr Passwort wurde geändert",
        "phone_changed": "Ihre Telefonnummer wurde geändert",
        "phone_only_on": "Anmeldung nur noch mit dem Telefon",
        "phone_or_passkey_on": "Anmeldung wieder mit Telefon oder Passkey",
        "recovery_codes_blocked": "Jemand probiert Wiederherstellungscodes aus",
        "recovery_codes_made": "Neue Wiederherstellungscodes",
        "recovery_codes_revoked": "Ihre Wiederherstellungscodes gelten nicht mehr",
        "recovery_used": "Ein Gerät wurde mit einem Wiederherstellungscode eingerichtet",
        "registration_delayed": "Ein neues Gerät kommt bald von selbst hinzu",
        "registration_waiting": "Jemand richtet ein weiteres Gerät ein",
        "two_factor_off": "Anmeldung jetzt ohne Telefon",
        "two_factor_on": "Anmeldung jetzt mit Telefon",
    },
    "en": {
        "account_frozen": "Your account has been frozen",
        "account_opened": "Your account has been opened again",
        "device_registered": "A new device has been set up",
        "device_registered_by_code": "A device has been set up with an enrolment code",
        "device_retired": "Your old phone has been signed out",
        "device_revoked": "A device has been removed",
        "email_changed": "Your e-mail address has been changed",
        "enrolment_code_issued": "An enrolment code has been issued",
        "not_me": "Somebody knows your password",
        "passkey_made": "A new passkey has been created",
        "passkey_only_ending": "Logins without a passkey soon allowed again",
        "passkey_only_on": "Log in with passkeys only",
        "passkey_removed": "A passkey has been removed",
        "password_changed": "Your password has been changed",
        "phone_changed": "Your phone number has been changed",
        "phone_only_on": "Log in with the phone only",
        "phone_or_passkey_on": "Log in with phone or passkey again",
        "recovery_codes_blocked": "Somebody is trying recovery codes",
        "recovery_codes_made": "New recovery codes",
        "recovery_codes_revoked": "Your recovery codes are no longer valid",
        "recovery_used": "A device has been set up with a recovery code",
        "registration_delayed": "A new device will soon come in by itself",
        "registration_waiting": "Somebody is setting up another device",
        "two_factor_off": "Logins no longer need the phone",
        "two_factor_on": "Logins now need the phone",
    },
}
SENTENCES = {
    "de": {
        "account_frozen": "Bis er wieder geöffnet wird, kann sich niemand anmelden.",
        "account_opened": "Sie können sich wieder anmelden. "
        "Wiederherstellungscodes von vor der Sperre gelten nicht mehr: Erstellen Sie in der App neue.",
        "device_registered": "Von jetzt an kann dieses Gerät Anmeldungen freigeben.",
        "device_registered_by_code": "Der Code galt ohne Passwort und ist jetzt verbraucht. "
        "Von jetzt an kann dieses Gerät Anmeldungen freigeben.",
        "device_retired": "Das wurde auf ihm angekreuzt, als es das neue Telefon freigab. Mit dem neuen wurde nun "
        "zum ersten Mal angemeldet. Sperren Sie Ihren Zugang innerhalb von 24 Stunden, gilt das alte Telefon wieder.",
        "device_revoked": "Dieses Gerät kann keine Anmeldung mehr freigeben.",
        "email_changed": "Diese Nachricht geht auch an die bisherige Adresse.",
        "enrolment_code_issued": "Mit diesem Code und Ihrer Zugangsnummer lässt sich ohne Passwort ein neues Telefon "
        "einrichten. Geben Sie ihn nur in der App smartIDENT ein.",
        "not_me": "Eine Anmeldung mit Ihrem richtigen Passwort wurde auf dem Telefon mit „Das war ich nicht“ "
        "abgelehnt. Wer sich anmelden wollte, kennt Ihr Passwort. Ändern Sie es bitte.",
        "passkey_made": "Mit diesem Passkey kann man sich von jetzt an auf der Webseite anmelden, ohne Telefon.",
        "passkey_only_ending": "Jemand hat Ihr Passwort und einen Wiederherstellungscode eingegeben. Nach einer "
        "Wartezeit geht es auch wieder mit dem Telefon. Bis dahin können Sie es auf der Webseite mit Ihrem Passkey "
        "zurücknehmen oder den Zugang sperren.",
        "passkey_only_on": "Passwort und Telefon genügen nicht mehr. Auch ein neues Telefon kommt ohne Passkey nicht "
        "hinein.",
        "passkey_removed": "Mit diesem Passkey kann sich niemand mehr anmelden.",
        "password_changed": "Das alte Passwort gilt nicht mehr.",
        "phone_changed": "An die bisherige Nummer senden wir keine Bestätigungscodes mehr.",
        "phone_only_on": "Mit Passkeys kann sich niemand mehr anmelden.",
        "phone_or_passkey_on": "Galt bisher nur der Passkey, und hat der Kundendienst das geändert? Dann "
        "gilt es erst nach einer Wartezeit. Bis dahin können Sie es auf der Webseite mit Ihrem Passkey zurücknehmen.",
        "recovery_codes_blocked": "Mit Ihrem richtigen Passwort wurden heute zehn falsche Wiederherstellungscodes "
        "eingegeben. Bis morgen gilt keiner mehr. Waren Sie das nicht, ändern Sie bitte Ihr Passwort.",
        "recovery_codes_made": "Auf diesem Gerät wurden neue Wiederherstellungscodes erstellt. Die alten gelten nicht "
        "mehr. Mit dem Passwort und einem Code lässt sich ein neues Telefon einrichten.",
        "recovery_codes_revoked": "Erstellen Sie bitte in der App neue.",
        "recovery_used": "Von jetzt an kann dieses Gerät Anmeldungen freigeben. Der Code ist verbraucht. "
        "Erst nach der Wartezeit darf das Gerät andere Geräte entfernen oder einrichten.",
        "registration_delayed": "Passwort und SMS-Code waren richtig. Nach einer Wartezeit kommt das Gerät von selbst "
        "hinzu. Ist es nicht Ihres, halten Sie es bis dahin in der App unter „Freigabe“ auf.",
        "registration_waiting": "Mit Ihrem richtigen Passwort wurde die Einrichtung eines Geräts begonnen. "
        "Geben Sie keinen Bestätigungscode weiter, und geben Sie nur ein Telefon frei, "
        "das Sie selbst in der Hand halten.",
        "two_factor_off": "Von jetzt an genügt das Passwort.",
        "two_factor_on": "Von jetzt an wartet jede Anmeldung auf die Freigabe mit dem Telefon.",
    },
    "en": {
        "account_frozen": "Until it is opened again, nobody can log in.",
        "account_opened": "You can log in again. Recovery codes from before are of no use any more: make new ones "
        "in the app.",
        "device_registered": "From now on, this device can approve logins.",
        "device_registered_by_code": "The code needed no password and is used up now. "
        "From now on, this device can approve logins.",
        "device_retired": "This was ticked on it when it let the new phone in, and the new one has now been used to "
        "log in. If you freeze your account within 24 hours, the old phone counts again.",
        "device_revoked": "This device can no longer approve logins.",
        "email_changed": "This message also goes to the former address.",
        "enrolment_code_issued": "With this code and your access number, a new phone can be set up without a password. "
        "Enter it in the smartIDENT app only.",
        "not_me": "A login with your right password was declined on the phone with “That was not me”. "
        "The person who tried to log in knows your password. Please change it.",
        "passkey_made": "From now on, this passkey logs in on the website without the phone.",
        "passkey_only_ending": "Somebody entered your password and a recovery code. After a waiting time, the phone "
        "logs in again too. Until then you can undo it on the website with your passkey, or freeze the account.",
        "passkey_only_on": "Password and phone are no longer enough. Without a passkey, no new phone gets in either.",
        "passkey_removed": "Nobody can log in with this passkey any more.",
        "password_changed": "The old password is no longer valid.",
        "phone_changed": "We send no more confirmation codes to the former number.",
        "phone_only_on": "Nobody can log in with passkeys any more.",
        "phone_or_passkey_on": "Did only passkeys count before, and did customer service change that? Then it "
        "holds after a waiting time. Until then you can undo it on the website with your passkey.",
        "recovery_codes_blocked": "Ten wrong recovery codes were entered today with your right password. "
        "Until tomorrow no code is valid. If that was not you, please change your password.",
        "recovery_codes_made": "New recovery codes were made on this device. The former ones are no longer valid. "
        "With the password and one code, a new phone can be set up.",
        "recovery_codes_revoked": "Please make new ones in the app.",
        "recovery_used": "From now on, this device can approve logins. The code is used up. "
        "Only after a waiting time may the device remove or let in other devices.",
        "registration_delayed": "Password and SMS code were right. After a waiting time the device comes in by itself. "
        "If it is not yours, stop it until then in the app under “Approvals”.",
        "registration_waiting": "The setup of a device was begun with your right password. "
        "Pass no confirmation code on, and let in no phone but one that you hold in your own hand.",
        "two_factor_off": "From now on, the password is enough.",
        "two_factor_on": "From now on, every login waits for the approval on the phone.",
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
    "de": "Waren Sie das nicht? Öffnen Sie die App smartIDENT. Sehen Sie unter „Geräte“ und „Letzte "
    "Ereignisse“ nach, was geschehen ist, und entfernen Sie dort jedes fremde Gerät. Melden Sie sich danach sofort "
    "bei uns: {contact}",
    "en": "Was this not you? Open the smartIDENT app. Look under “Devices” and “Recent events” what has happened, "
    "and remove every strange device there. Then contact us at once: {contact}",
}
LINKS = {
    "de": "Ihren Zugang können Sie sofort sperren. Öffnen Sie dazu diese Seite und tippen Sie dort auf „Zugang jetzt "
    "sperren“. Der Link gilt sieben Tage:\n{link}",
    "en": "You can freeze your account at once. Open this page and tap “Freeze the account now” there. "
    "The link is valid for seven days:\n{link}",
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
