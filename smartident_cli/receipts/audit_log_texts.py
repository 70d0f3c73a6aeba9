"""What the check of the audit log says."""

from smartident_cli.sentences import Text

AUDIT_LOG_TEXTS = {
    "log_told": Text(
        "Verlauf: {entries} Einträge, {denied} Ablehnungen bewiesen, {faults} Fehler; Stand {log}",
        "Audit log: {entries} entries, {denied} denials proven, {faults} faults; its head is {log}",
    ),
    "log_missing": Text("Im Verlauf fehlt Nr. {numbers}.", "No. {numbers} is missing from the audit log."),
    "log_expired": Text(
        "Nr. {numbers} des Verlaufs ist nicht mehr da: die Aufbewahrung war abgelaufen.",
        "No. {numbers} is gone from the audit log: its retention had ended.",
    ),
    "log_altered": Text(
        "Nr. {next} folgte im Verlauf nicht auf das, was jetzt Nr. {entry} ist: eines von beiden wurde verändert.",
        "No. {next} did not follow what is now no. {entry}: one of the two was altered.",
    ),
    "log_first_altered": Text(
        "Der Verlauf beginnt nicht wie der dieses Zugangs: Nr. {next} wurde verändert.",
        "The audit log does not begin as this account's does: no. {next} was altered.",
    ),
    "log_end_altered": Text(
        "Der Zugang hält als Letztes etwas anderes fest als Nr. {entry}: eines von beiden wurde verändert.",
        "The account names another last entry than no. {entry}: one of the two was altered.",
    ),
    "log_outcome_altered": Text(
        "Nr. {number} ging anders aus, als Nr. {next} festhält: eines von beiden wurde verändert.",
        "No. {number} came to something else than no. {next} says: one of the two was altered.",
    ),
    "log_outcome_left_out": Text(
        "Nr. {next} hält nicht fest, wie Nr. {number} ausging: eines von beiden wurde verändert.",
        "No. {next} does not say what no. {number} came to: one of the two was altered.",
    ),
    "log_open": Text(
        "Offen: {count} (wie sie ausgingen, hält noch keine spätere Anmeldung fest)",
        "Open: {count} (no later login says yet what they came to)",
    ),
    "log_twice": Text(
        "Nr. {entry} des Verlaufs gibt es zweimal: eine davon wurde eingefügt.",
        "No. {entry} exists twice: one of the two was inserted.",
    ),
    "log_beyond": Text(
        "Der Zugang weiß nichts von Nr. {entry} des Verlaufs: sie wurde eingefügt, oder sein Stand zurückgesetzt.",
        "The account does not know no. {entry}: it was inserted, or the account was set back.",
    ),
    "log_outside": Text(
        "{entry} steht in keinem Verlauf und wurde eingefügt.", "{entry} is in no audit log and was inserted."
    ),
    "log_spoiled": Text("{entry} ist nicht mehr zu lesen.", "{entry} can no longer be read."),
    "log_strange": Text(
        "{entry} gehört nicht hierher, oder steht zweimal da.", "{entry} does not belong here, or is there twice."
    ),
    "log_not_once": Text("Der Verlauf stand nie bei {log}.", "The audit log never had the head {log}."),
    "log_two_factor": Text(
        "Zuletzt wurde die Zwei-Faktor-Anmeldung auf {entry} gestellt, der Zugang sagt anderes.",
        "Two-factor login was last switched {entry}, but the account says otherwise.",
    ),
    "log_login_policy": Text(
        "Womit man sich anmelden darf, sagt der Zugang anders als sein Verlauf.",
        "The account and its audit log disagree on what it may be logged in with.",
    ),
    "log_frozen": Text(
        "Ob der Zugang gesperrt ist, sagt er anders als sein Verlauf.",
        "The account and its audit log disagree on whether it is frozen.",
    ),
    "log_keys": Text(
        "Gerät {device} hat andere Schlüssel als bei seiner Registrierung.",
        "Device {device} does not have the keys that it was registered with.",
    ),
    "log_name": Text(
        "Gerät {device} heißt anders, als zuletzt festgehalten wurde.",
        "Device {device} does not have the name on record.",
    ),
    "log_no_code": Text(
        "Für Gerät {device} wurde kein Einrichtungscode ausgestellt.",
        "No enrolment code was issued for device {device}.",
    ),
    "log_revoked": Text(
        "Gerät {device} ist nicht so gesperrt, wie es festgehalten ist.",
        "Device {device} is not blocked as the record says.",
    ),
    "log_unsigned_revocation": Text(
        "Dass Gerät {device} gesperrt werden sollte, hat kein anderes Gerät unterschrieben.",
        "No other device signed that device {device} was to be blocked.",
    ),
    "log_unsigned_pairing": Text(
        "Über das neue Gerät mit der Einrichtung {registration} hat kein Gerät des Zugangs so entschieden.",
        "No device of the account decided so over the new device of registration {registration}.",
    ),
    "log_unpaired": Text(
        "Gerät {device} hat kein anderes Gerät des Zugangs freigegeben.",
        "No other device of the account let device {device} in.",
    ),
    "log_unsigned_retirement": Text(
        "Gerät {device} wurde für ein neues abgemeldet, hat das aber nicht selbst unterschrieben.",
        "Device {device} was signed out for a new one, but did not sign that itself.",
    ),
    "log_unfounded_return": Text(
        "Gerät {device} kam zurück, ohne dass eine Sperre binnen eines Tages es zurückgeholt hätte.",
        "Device {device} came back, but no freeze within a day brought it back.",
    ),
    "log_unsigned_codes": Text(
        "Wiederherstellungscodes wurden auf Gerät {device} nicht so erstellt.",
        "Recovery codes were not made like this on device {device}.",
    ),
    "log_unsigned_opening": Text(
        "Gerät {device} hat nicht unterschrieben, dass der Zugang so wieder geöffnet wird.",
        "Device {device} did not sign that the account was to be opened like this.",
    ),
    "log_no_recovery_code": Text(
        "Gerät {device} kam mit einem Wiederherstellungscode herein, den der Zugang nicht hatte.",
        "Device {device} came in by a recovery code that the account did not have.",
    ),
    "log_device_gone": Text(
        "Gerät {device} wurde registriert und fehlt in der Auskunft.",
        "Device {device} was registered, and is missing from the export.",
    ),
    "log_device_count": Text(
        "{count} Geräte sind nicht gesperrt, der Zugang zählt anders.",
        "{count} devices are not blocked, but the account counts otherwise.",
    ),
    "log_passkey_gone": Text(
        "Ein Passkey wurde eingerichtet und fehlt in der Auskunft, oder sie zeigt ihn anders.",
        "A passkey was made and is missing from the export, or stands there as another.",
    ),
    "log_unregistered": Text("Gerät {device} wurde nie registriert.", "Device {device} was never registered."),
    "log_passkey": Text(
        "Dass Passkey {passkey} so eingerichtet wurde, hält kein Eintrag fest.",
        "No record says that passkey {passkey} was made as it is.",
    ),
    "log_passkey_removed": Text(
        "Passkey {passkey} ist nicht so entfernt, wie es festgehalten ist.",
        "Passkey {passkey} is not removed as the record says.",
    ),
    "log_later": Text(
        "Die Auskunft nennt eine Zeit, die noch nicht war: {at}.", "The export names a time that has not come: {at}."
    ),
}
