"""What more than one command says, in German and English."""

from smartident_cli.sentences import Text

COMMON_TEXTS = {
    "refused": Text("{title} ({code})", "{title} ({code})"),
    "attempts_left": Text("Verbleibende Versuche: {attempts_left}.", "Attempts left: {attempts_left}."),
    "retry_after": Text("Bitte in {retry_after} s noch einmal versuchen.", "Please try again in {retry_after} s."),
    "no_answer": Text(
        "Hier fehlt eine Antwort: {asked}. Bitte in einem Terminal eintippen, oder aus einer Pipe lesen lassen.",
        "An answer is missing here: {asked}. Please type it in a terminal, or let it be read from a pipe.",
    ),
    "keys_exposed": Text(
        "Andere können die Schlüssel in {path} lesen. Bitte schließen mit: chmod 600 {path}",
        "Others can read the keys in {path}. Please close it with: chmod 600 {path}",
    ),
    "keys_foreign": Text(
        "{path} ist keine Datei eines Telefons. Bitte mit --file eine andere nennen.",
        "{path} is not a phone's file. Please name another one with --file.",
    ),
    "keys_unreadable": Text(
        "{path} lässt sich nicht lesen. Bitte mit --file eine andere Datei nennen.",
        "{path} cannot be read. Please name another file with --file.",
    ),
    "unreachable": Text("Der Dienst ist nicht erreichbar: {error}", "The service cannot be reached: {error}"),
    "unexpected": Text(
        "Der Dienst hat anders geantwortet als versprochen: {error}", "The service did not answer as promised: {error}"
    ),
    "which_device": Text(
        "Kein Gerät oder mehrere Geräte passen auf {device}.", "No device matches {device}, or several do."
    ),
    "device": Text("Gerät", "Device"),
    "state": Text("Zustand", "State"),
    "active": Text("aktiv", "active"),
    "blocked": Text("gesperrt", "blocked"),
    "registered_at": Text("Registriert", "Registered"),
    "id": Text("Kennung", "Id"),
    "account": Text("Zugang", "Account"),
    "none": Text("-", "-"),
    "unknown": Text("unbekannt", "unknown"),
    "kept": Text("Es bleibt, wie es war.", "Nothing was changed."),
    "revoked": Text(
        "Das Gerät {name} ist gesperrt und kann nichts mehr freigeben.",
        "The device {name} is blocked and can no longer approve anything.",
    ),
}
