"""What the check of receipts says."""

from smartident_cli.sentences import Text

RECEIPT_TEXTS = {
    "no_export": Text(
        "{file} ist keine vollständige Auskunft von smartident account export.",
        "{file} is not a complete file of smartident account export.",
    ),
    "receipts_proved": Text(
        "{number}: {proved} Freigaben bewiesen, {password_only} Anmeldungen nur mit Passwort, {faults} ohne Beweis.",
        "{number}: {proved} approvals proven, {password_only} logins by password alone, {faults} without proof.",
    ),
    "receipt_fault": Text("{login_id} ({at}): {what}", "{login_id} ({at}): {what}"),
    "receipt_password": Text("{login_id} ({at}): nur mit Passwort", "{login_id} ({at}): by password alone"),
    "taken_back": Text(
        "{login_id} ({at}): mit dem Gerät oder Passkey gesperrt, von niemandem unterschrieben",
        "{login_id} ({at}): ended with its device or passkey, signed by nobody",
    ),
    "receipt_contradiction": Text("{what}", "{what}"),
    "class_proven": Text("Bewiesen: {count}", "Proven: {count}"),
    "class_unproven": Text("Unbewiesen: {count}", "Unproven: {count}"),
    "class_contradictory": Text("Widersprüchlich: {count}", "Contradictory: {count}"),
    "class_missing": Text("Fehlend: {count}", "Missing: {count}"),
    "password_though": Text(
        "nur mit Passwort, obwohl die Zwei-Faktor-Anmeldung an war",
        "by password alone although two-factor login was on",
    ),
    "no_receipt": Text("keine Freigabe aufbewahrt", "no approval was kept"),
    "no_device": Text(
        "das freigebende Gerät oder der Passkey fehlt in der Auskunft",
        "the device or passkey that approved is not in the export",
    ),
    "used_before": Text(
        "die Unterschrift gehört schon zu einer anderen Anmeldung", "the signature belongs to another login already"
    ),
    "bad_signature": Text("die Unterschrift gilt nicht für diese Anfrage", "the signature does not cover this request"),
    "other_login": Text(
        "die Anfrage gehört zu einer anderen Anmeldung oder einem anderen Zugang",
        "the request belongs to another login or account",
    ),
    "wrong_times": Text("die Zeiten passen nicht zueinander", "the times contradict each other"),
    "device_then": Text(
        "Gerät oder Passkey gab es damals noch nicht oder nicht mehr",
        "the device or passkey was not there yet, or no longer",
    ),
    "no_typed_code": Text(
        "aus einem neuen Land, und ohne den Code aus dem Browser freigegeben",
        "from a new country, and approved without the code from the browser",
    ),
    "wrong_state": Text("der Zustand widerspricht den übrigen Angaben", "its state contradicts its other data"),
    "no_denial": Text("keine Ablehnung aufbewahrt", "no denial was kept"),
    "bad_denial": Text("die Ablehnung gilt nicht für diese Anfrage", "the denial does not belong to this request"),
}
