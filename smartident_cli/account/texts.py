"""What the commands for accounts say."""

from smartident_cli.sentences import Text

ACCOUNT_TEXTS = {
    "new_password": Text("Passwort für den neuen Zugang", "Password for the new account"),
    "changed_password": Text("Neues Passwort", "New password"),
    "password_set": Text(
        "Zugang {number} hat ein neues Passwort. Anmeldungen und Registrierungen mit dem alten sind beendet.",
        "Account {number} has a new password. Logins and registrations begun with the old one have ended.",
    ),
    "phone_set": Text("SMS für {number} gehen jetzt an {phone}.", "SMS for {number} now go to {phone}."),
    "phone_removed": Text(
        "{number} hat keine Telefonnummer mehr. Ein neues Telefon braucht einen Einrichtungscode.",
        "{number} has no phone number any more. A new phone needs an enrolment code.",
    ),
    "email_set": Text("E-Mail von {number}: {email}.", "E-mail of {number}: {email}."),
    "language_set": Text(
        "Sprache der Mitteilungen an {number}: {told_in}.", "Language of the notices to {number}: {told_in}."
    ),
    "external_id_set": Text(
        "{client} kennt Zugang {number} als: {name}.", "{client} knows account {number} as: {name}."
    ),
    "external_id_taken": Text(
        "{client} kennt schon einen anderen Zugang als {name}, oder zu viele Anwendungen kennen diesen.",
        "{client} knows another account as {name} already, or too many applications know this one.",
    ),
    "external_ids_taken": Text(
        "Eine Anwendung kennt schon einen anderen Zugang unter dieser Kennung.",
        "A client knows another account by this name already.",
    ),
    "external_ids": Text("Bei Anwendungen", "At applications"),
    "password_again": Text("Noch einmal", "Once more"),
    "passwords_differ": Text("Die beiden Eingaben sind verschieden.", "The two entries differ."),
    "created": Text("Zugang {number} ist angelegt.", "Account {number} was created."),
    "taken": Text("Die Zugangsnummer {number} ist vergeben.", "The access number {number} is taken."),
    "sms_country": Text(
        "Hinweis: An diese Telefonnummer sendet der Dienst keine SMS (SmsCountries).",
        "Note: the service sends no SMS to this phone number (SmsCountries).",
    ),
    "shared_email": Text(
        "Hinweis: {email} haben auch andere Zugänge. Jeder davon, auch dieser, geht nur mit seiner Zugangsnummer.",
        "Note: other accounts have {email} too. Each of them, this one included, goes by its access number only.",
    ),
    "number": Text("Zugangsnummer", "Access number"),
    "name": Text("Name", "Name"),
    "email": Text("E-Mail", "E-mail"),
    "phone": Text("Telefon", "Phone"),
    "two_factor": Text("Zwei-Faktor-Anmeldung", "Two-factor login"),
    "devices": Text("Aktive Geräte", "Active devices"),
    "recovery_codes": Text("Wiederherstellung", "Recovery codes"),
    "codes_left": Text("noch {left}, erstellt {made}", "{left} left, made {made}"),
    "codes_revoked": Text(
        "Kein Wiederherstellungscode von {number} gilt mehr. Neue erstellt die Person in der App.",
        "No recovery code of {number} is valid any more. The person makes new ones in the app.",
    ),
    "failed_attempts": Text("Fehlversuche", "Failed attempts"),
    "failed_and_last": Text("{number}, zuletzt {last}", "{number}, the last at {last}"),
    "locked_until": Text("Gesperrt bis", "Locked until"),
    "blocked_until": Text("„Das war ich nicht“ bis", '"That was not me" until'),
    "next_login_at": Text("Nächste Anmeldung ab", "Next login from"),
    "next_registration_at": Text("Neues Telefon ab", "New phone from"),
    "more_accounts": Text("Weitere: --after {next}", "More: --after {next}"),
    "no_list_place": Text("keine Stelle der Liste", "not a place in the list"),
    "on_": Text("an", "on"),
    "off_": Text("aus", "off"),
    "frozen": Text("Zugang gesperrt", "Frozen"),
    "frozen_yes": Text("ja", "yes"),
    "frozen_no": Text("nein", "no"),
    "account_is_frozen": Text(
        "Zugang {number} ist gesperrt: Jedes Passwort gilt als falsch. Offene Anmeldungen und Registrierungen sind "
        "beendet. Öffnen: smartident account open {number}",
        "Account {number} is frozen: every password counts as wrong. Open logins and registrations have ended. "
        "To open it: smartident account open {number}",
    ),
    "account_is_signed_out": Text(
        "Zugang {number} ist überall abgemeldet. Telefone und Passwort gelten weiter.",
        "Account {number} is signed out everywhere. Phones and password are still valid.",
    ),
    "account_is_open": Text(
        "Zugang {number} ist wieder geöffnet. Passwort und Telefone gelten wie vorher, Wiederherstellungscodes nicht.",
        "Account {number} is open again. Password and phones are valid as before, recovery codes are not.",
    ),
    "switched": Text("Zwei-Faktor-Anmeldung für {number}: {state}.", "Two-factor login for {number}: {state}."),
    "login_policy": Text("Erlaubte Anmeldung", "Way of logging in"),
    "policy_phone_or_passkey": Text("mit Telefon oder Passkey", "with phone or passkey"),
    "policy_phone": Text("nur mit dem Telefon", "with the phone only"),
    "policy_passkey_only": Text("nur mit Passkey", "with passkeys only"),
    "login_policy_set": Text(
        "Anmeldung für {number}: {policy}, ab {when}.", "Logging in to {number}: {policy}, from {when}."
    ),
    "two_passkeys_missing": Text(
        "Zugang {number} hat weder zwei Passkeys noch einen Passkey und Wiederherstellungscodes; ginge einer verloren, "
        "käme niemand mehr hinein.",
        "Account {number} has neither two passkeys nor one passkey and recovery codes; if one were lost, nobody could "
        "get in any more.",
    ),
    "unlocked": Text(
        "Zugang {number} ist entsperrt: alle Fehlversuche, Sperren und Wartezeiten sind vergessen.",
        "Account {number} is unlocked: all failed attempts, lockouts and waits are forgotten.",
    ),
    "browsers_forgotten": Text(
        "Zugang {number} kennt keinen Browser mehr. Die nächste freigegebene Anmeldung macht ihren wieder bekannt.",
        "Account {number} knows no browser any more. The next approved login makes its browser known again.",
    ),
    "renewed": Text(
        "Erneuerte Zugänge: {accounts}. Geräte bleiben, offene Anmeldungen und Registrierungen sind beendet.",
        "Renewed accounts: {accounts}. Devices stay, open logins and registrations have ended.",
    ),
    "renewal_refused": Text(
        "Zugang {number} passt nicht zu seinem MAC: jemand hat ihn von Hand verändert. Bitte prüfen (docs/operate.md).",
        "Account {number} does not fit its MAC: somebody changed it by hand. Please look into it (docs/operate.md).",
    ),
    "code_issued": Text(
        "Einrichtungscode für {number}: {code}\nEr gilt einmal, bis {until}: in der App, oben rechts das Plus.",
        "Enrolment code for {number}: {code}\nIt is valid once, until {until}: in the app, the plus at the top right.",
    ),
    "code_waits": Text(
        "Er gilt erst, wenn eine zweite Person ihn bestätigt: smartident account confirm-enrolment-code {number}",
        "It is valid once a second person confirms it: smartident account confirm-enrolment-code {number}",
    ),
    "code_confirmed": Text(
        "Der Einrichtungscode für {number} gilt jetzt, bis {until}.",
        "The enrolment code for {number} is valid now, until {until}.",
    ),
    "code_same_operator": Text(
        "Den Code haben Sie selbst ausgestellt. Bestätigen muss ihn eine zweite Person.",
        "You issued this code yourself. A second person must confirm it.",
    ),
    "confirm_code": Text(
        "{issuer} hat am {at} einen Einrichtungscode für {number} ausgestellt. Hat diese Person Ihnen das gesagt?",
        "{issuer} issued an enrolment code for {number} at {at}. Did that person tell you so?",
    ),
    "code_other_issuer": Text(
        "Den Code für {number} hat {issuer} ausgestellt, am {at}. Bitte fragen Sie nach; bestätigt ist nichts.",
        "The code for {number} was issued by {issuer} at {at}. Please ask; nothing is confirmed.",
    ),
    "code_gone": Text(
        "Für {number} wartet kein Einrichtungscode auf eine Bestätigung.",
        "No enrolment code of {number} waits for a confirmation.",
    ),
    "code_frozen": Text(
        "Zugang {number} ist gesperrt. Bitte öffnen Sie ihn zuerst: smartident account open {number}",
        "Account {number} is frozen. Please open it first: smartident account open {number}",
    ),
    "code_file_ending": Text(
        "{file}: Bitte eine Datei mit der Endung .svg, .png oder .html nennen, die es noch nicht gibt.",
        "{file}: please name a file that ends in .svg, .png or .html and does not exist yet.",
    ),
    "code_file": Text("Der Code steht auch in {file}.", "The code is in {file} too."),
    "code_no_app": Text(
        "Kein QR-Code: Der Dienst kennt keine Adresse der App (AppWebUrl).",
        "No QR code: the service knows no address of the app (AppWebUrl).",
    ),
    "registration_is_stopped": Text(
        "Das wartende Telefon von {number} kommt nicht mehr hinzu.",
        "The waiting phone of {number} comes in no more.",
    ),
    "registration_came_in": Text(
        "Das Telefon, das für {number} wartete, ist schon eingerichtet: smartident device list zeigt es.",
        "The phone that waited for {number} is set up by now: smartident device list shows it.",
    ),
    "no_registration_waits": Text("Für {number} wartet kein Telefon.", "No phone waits for {number}."),
    "in_use": Text(
        "Zugang {number} wird gerade benutzt. Bitte gleich noch einmal versuchen.",
        "Account {number} is in use just now. Please try again in a moment.",
    ),
    "confirm_delete": Text(
        "Zugang {number} ({name}) mit Geräten, Anmeldungen und Belegen endgültig löschen?",
        "Delete account {number} ({name}) with devices, logins and receipts for good?",
    ),
    "deleted": Text("Zugang {number} ist gelöscht ({rows} Einträge).", "Account {number} was deleted ({rows} items)."),
    "confirm_replace": Text(
        "{file} gibt es schon. Durch die neue Auskunft ersetzen?",
        "{file} already exists. Replace it with the new export?",
    ),
    "exported": Text(
        "{rows} Einträge über {number} stehen in {file}.", "{rows} items about {number} were written to {file}."
    ),
}
