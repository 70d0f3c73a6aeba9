"""What the doctor says of push messages."""

from smartident_cli.sentences import Text

PUSH_TEXTS = {
    "push": Text("Telefone werden geweckt, über {hosts}.", "Phones are woken, through {hosts}."),
    "push_not": Text(
        "PushHosts ist leer: Kein Telefon meldet sich, wenn eine Anfrage wartet.",
        "PushHosts is empty: no phone tells its owner that a request waits.",
    ),
    "push_contact": Text("Push-Dienste erfahren PublicUrl.", "Push services are told PublicUrl."),
    "push_contact_not": Text(
        "PublicUrl ist leer: Apple nimmt dann keine Push-Nachricht an.",
        "PublicUrl is empty: Apple then takes no push message.",
    ),
}
