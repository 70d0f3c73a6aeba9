"""What the story says."""

from smartident_cli.sentences import Text

STORY_TEXTS = {
    "opening": Text("smartIDENT in acht Schritten, gegen {url}", "smartIDENT in eight steps, against {url}"),
    "starting_stack": Text("Der Stack auf dem Laptop startet …", "The stack on the laptop starts …"),
    "step_1": Text("App installieren", "Install the app"),
    "step_2": Text("Neuen Zugang einrichten", "Set up a new account"),
    "step_3": Text("Schlüssel registrieren", "Register the key"),
    "step_4": Text("Schlüsselregistrierung abschließen", "Complete the key registration"),
    "step_5": Text("Der Zugang wurde erfolgreich hinterlegt", "The account was stored successfully"),
    "step_6": Text("Im Browser anmelden", "Log in with the browser"),
    "step_7": Text("Freigabe", "Approval"),
    "step_8": Text("Mit Fingerabdruck bestätigen", "Confirm with a fingerprint"),
    "tries_login": Text(
        "Anmeldung als {identifier} mit dem richtigen Passwort.", "Login as {identifier} with the right password."
    ),
    "has_phone": Text(
        "Dieser Zugang hat schon ein Telefon. Nur dieses lässt ein weiteres zu: Nehmen Sie einen Zugang ohne Telefon.",
        "This account has a phone already, and only that phone lets another one in. Take an account without a phone.",
    ),
    "install": Text("Die Seite bietet die App an: {links}", "The page offers the app: {links}"),
    "plus": Text("Die App ist leer. + „Neuen Zugang einrichten“.", 'The app is empty. + "Set up a new account".'),
    "registers": Text(
        "{identifier} und Passwort eingegeben, „Schlüssel registrieren“ getippt.",
        '{identifier} and the password entered, "Register key" tapped.',
    ),
    "registers_by_code": Text(
        "{identifier} und den Einrichtungscode des Betreibers eingegeben, „Schlüssel registrieren“ getippt.",
        '{identifier} and the operator\'s enrolment code entered, "Register key" tapped.',
    ),
    "no_sms": Text(
        "Keine SMS: Der Einrichtungscode bestätigt die Registrierung und gilt nur einmal.",
        "No SMS: the enrolment code confirms the registration, and is valid only once.",
    ),
    "operator_issued": Text(
        "Der Betreiber legt {number} ohne Telefonnummer an und gibt einen Einrichtungscode aus.",
        "The operator creates {number} without a phone number and issues an enrolment code.",
    ),
    "sms_arrives": Text(
        "SMS an {phone_hint}. Der Bestätigungscode wird abgetippt.",
        "SMS to {phone_hint}. The confirmation code is typed in.",
    ),
    "sms_reads": Text("SMS: „{text}“", 'SMS: "{text}"'),
    "stored": Text(
        "Hinterlegt: {access_number} · {display_name}. Das Gerät „{device}“ ist aktiv.",
        'Stored: {access_number} · {display_name}. The device "{device}" is active.',
    ),
    "logs_in": Text(
        "{identifier} und Passwort eingegeben. „Bitte in der smartIDENT-App freigeben.“",
        '{identifier} and the password entered. "Please approve in the smartIDENT app."',
    ),
    "shows_code": Text(
        "Die Seite zeigt den Code {transfer_code} und wartet (WebSocket).",
        "The page shows the code {transfer_code} and waits (WebSocket).",
    ),
    "shows_no_code": Text(
        "Die Seite wartet (WebSocket); dieser Dienst verlangt keinen Code.",
        "The page waits (WebSocket); this service asks for no code.",
    ),
    "confirms": Text(
        "Code abgetippt, Fingerabdruck. „Anmeldung abgeschlossen.“", 'Code typed in, fingerprint. "Login completed."'
    ),
    "moves_on": Text("Die Seite geht von selbst weiter: {redirect_to}", "The page moves on by itself: {redirect_to}"),
    "signed_in": Text(
        "Angemeldet: id_token von {issuer} geprüft (amr {amr}, Sitzung {sid}).",
        "Signed in: id_token of {issuer} verified (amr {amr}, session {sid}).",
    ),
    "timing": Text(
        "Vom Fingerabdruck bis zum Browser: {moved_ms} ms; angemeldet nach {signed_in_ms} ms.",
        "From the fingerprint to the browser: {moved_ms} ms; signed in after {signed_in_ms} ms.",
    ),
    "told": Text("Alle acht Schritte sind wie versprochen verlaufen.", "All eight steps went as promised."),
    "differs": Text("Schritt {step} weicht ab: {error}", "Step {step} differs: {error}"),
    "code_from_sms": Text(
        "Bestätigungscode aus der SMS an {phone_hint}", "Confirmation code from the SMS to {phone_hint}"
    ),
    "step_9": Text("Neues Telefon einrichten", "Set up a new phone"),
    "step_10": Text("Freigabe auf dem bisherigen Telefon", "Approval on the old phone"),
    "step_11": Text("Code scannen und mit Fingerabdruck bestätigen", "Scan the code and confirm with a fingerprint"),
    "step_12": Text("Das neue Telefon ist eingerichtet", "The new phone is set up"),
    "shows_pairing": Text(
        "Keine SMS. Das neue Telefon zeigt einen QR-Code und die Ziffern {digits}, Kennung {fingerprint}.",
        "No SMS. The new phone shows a QR code and the digits {digits}, mark {fingerprint}.",
    ),
    "lets_in": Text(
        "„Halten Sie das neue Telefon selbst in der Hand?“ Ja. Code gescannt, Fingerabdruck.",
        '"Are you holding the new phone in your own hand?" Yes. Code scanned, fingerprint.',
    ),
    "arrived": Text(
        "Hinterlegt: {access_number} · {display_name}. Beide Telefone sind aktiv.",
        "Stored: {access_number} · {display_name}. Both phones are active.",
    ),
    "ticks_retire": Text("„Dieses Telefon danach abmelden“: angehakt.", '"Sign this phone out afterwards": ticked.'),
    "retired": Text(
        "Mit dem neuen Telefon angemeldet; das alte ist abgemeldet. Eine Sperre binnen 24 Stunden brächte es zurück.",
        "Logged in with the new phone; the old one is signed out. A freeze within 24 hours would bring it back.",
    ),
    "paired_in": Text(
        "Das neue Telefon war nach {seconds} s eingerichtet.", "The new phone was set up in {seconds} s."
    ),
    "step_13": Text("Wiederherstellungscodes erstellen", "Make recovery codes"),
    "step_14": Text("Einen der Codes abtippen", "Type one of the codes back"),
    "step_15": Text("Telefon verloren: Passwort und Code", "Phone lost: password and code"),
    "step_16": Text("Das neue Telefon ist eingerichtet", "The new phone is set up"),
    "codes_shown": Text(
        "Fingerabdruck. Zehn Codes, einmal angezeigt; der erste: {code}. Noch gilt keiner.",
        "Fingerprint. Ten codes, shown once; the first: {code}. None is valid yet.",
    ),
    "codes_count": Text("Abgetippt. Jetzt gelten {left} Codes.", "Typed back. Now {left} codes are valid."),
    "code_typed": Text(
        "Keine SMS, kein anderes Telefon: Der Code bestätigt die Registrierung.",
        "No SMS and no other phone: the code confirms the registration.",
    ),
    "recovered": Text(
        "Hinterlegt: {access_number} · {display_name}. Das Gerät hat eine Wartezeit. Noch {left} Codes.",
        "Stored: {access_number} · {display_name}. The device has a waiting time. {left} codes are left.",
    ),
}
