"""What the check of the audit log says."""

from smartident_cli.sentences import Text

AUDIT_LOG_TEXTS = {
    "log_told": Text(
        "Verlauf: {entries} Einträge, {denied} Ablehnungen bewiesen, {faults} Fehler; Stand {log}",
        "Log: {entries} entries, {denied} proven denials, {faults} faults; it stands at {log}",
    ),
    "log_missing": Text("Im Verlauf fehlt Nr. {numbers}.", "Of the log, no. {numbers} is missing."),
    "log_expired": Text(
        "Nr. {numbers} des Verlaufs ist nicht mehr da: die Aufbewahrung war abgelaufen.",
        "No. {numbers} of the log is gone: its retention was over.",
    ),
    "log_altered": Text(
        "Nr. {next} folgte im Verlauf nicht auf das, was jetzt Nr. {entry} ist: eines von beiden wurde verändert.",
        "No. {next} of the log did not follow what is now no. {entry}: one of the two was altered.",
    ),
    "log_first_altered": Text(
        "Der Verlauf beginnt nicht wie der dieses Zugangs: Nr. {next} wurde verändert.",
        "The log does not begin as this account's does: no. {next} was altered.",
    ),
    "log_end_altered": Text(
        "Der Zugang hält als Letztes etwas anderes fest als Nr. {entry}: eines von beiden wurde verändert.",
        "What the account holds as last is not no. {entry}: one of the two was altered.",
    ),
    "log_twice": Text(
        "Nr. {entry} des Verlaufs gibt es zweimal: eine davon wurde eingefügt.",
        "There are two of no. {entry} of the log: one of them was put in.",
    ),
    "log_beyond": Text(
        "Der Zugang weiß nichts von Nr. {entry} des Verlaufs: sie wurde eingefügt, oder sein Stand zurückgesetzt.",
        "The account knows nothing of no. {entry} of the log: it was put in, or the account was set back.",
    ),
    "log_outside": Text(
        "{entry} steht in keinem Verlauf und wurde eingefügt.", "{entry} stands in no log and was put in."
    ),
    "log_spoiled": Text("{entry} ist nicht mehr zu lesen.", "{entry} cannot be read any more."),
    "log_older": Text(
        "{count} Einträge sind älter als der Verlauf und in ihm nicht gesichert.",
        "{count} entries are older than the log and not secured by it.",
    ),
    "log_not_once": Text("Der Verlauf stand nie bei {log}.", "The log never stood at {log}."),
    "log_two_factor": Text(
        "Zuletzt wurde die Zwei-Faktor-Anmeldung auf {entry} gestellt, der Zugang sagt anderes.",
        "Two-factor login was last set to {entry}, the account says otherwise.",
    ),
    "log_keys": Text(
        "Gerät {device} hat andere Schlüssel als bei seiner Registrierung.",
        "Device {device} has other keys than when it was registered.",
    ),
    "log_name": Text(
        "Gerät {device} heißt nicht, wie zuletzt festgehalten.", "Device {device} is not named as recorded."
    ),
    "log_revoked": Text(
        "Gerät {device} ist nicht so gesperrt, wie es festgehalten ist.", "Device {device} is not blocked as recorded."
    ),
    "log_unregistered": Text("Gerät {device} wurde nie registriert.", "Device {device} was never registered."),
}
