"""What the command for notices says."""

from smartident_cli.sentences import Text

NOTICES_TEXTS = {
    "notices_confirm": Text("{number} Benachrichtigungen noch einmal senden?", "Send {number} notices again?"),
    "notices_again": Text(
        "{number} Benachrichtigungen sind wieder unterwegs. Wer schon benachrichtigt ist, bekommt keine zweite.",
        "{number} notices are on their way again. Nobody is told twice.",
    ),
    "notices_none": Text("Keine Benachrichtigung wurde aufgegeben.", "No notice was given up."),
    "logouts_confirm": Text("Von {number} Abmeldungen noch einmal berichten?", "Tell of {number} logouts again?"),
    "logouts_again": Text(
        "Von {number} Abmeldungen wird noch einmal berichtet. Anwendungen, die davon wissen, hören nichts mehr.",
        "Clients are told of {number} logouts again. Those who have heard are told nothing.",
    ),
    "logouts_none": Text("Keine Abmeldung wurde aufgegeben.", "No logout was given up."),
    "notices_of_stack": Text(
        "Nur ein Stack gibt Benachrichtigungen auf; der Laptop versucht es immer wieder.",
        "Only a stack gives up notices; the laptop tries again and again.",
    ),
}
