"""What the doctor says: each finding, and its opposite."""

from smartident_cli.sentences import Text

DOCTOR_TEXTS = {
    "verdict_good": Text("gut", "good"),
    "verdict_doubtful": Text("fraglich", "doubtful"),
    "verdict_bad": Text("schlecht", "bad"),
    "healthy": Text("{name}: nichts Schlechtes gefunden.", "{name}: nothing bad found."),
    "ill": Text("{name}: schlechte Punkte: {bad}.", "{name}: bad points: {bad}."),
    "not_checked": Text("{what} ließ sich nicht prüfen: {error}", "{what} could not be checked: {error}"),
    "trial_address": Text(
        "Probeadresse: {url}. Mit einer anderen Adresse gilt später kein Telefon mit der Web-App mehr.",
        "Trial address: {url}. With another address later, no phone with the web app is valid any more.",
    ),
    "reached": Text("{url} antwortet.", "{url} answers."),
    "reached_not": Text(
        "{url} antwortet nicht wie erwartet ({error}).", "{url} does not answer as it should ({error})."
    ),
    "jwks": Text("Das JWKS nennt genau die {keys} Schlüssel in KMS.", "The JWKS names just the {keys} keys in KMS."),
    "jwks_not": Text(
        "Das JWKS nennt andere Schlüssel als KMS: Prüfer lehnen neue Tokens ab.",
        "The JWKS names other keys than KMS: whoever checks tokens refuses new ones.",
    ),
    "clock": Text("Die Uhren gehen gleich.", "The clocks agree."),
    "clock_not": Text(
        "Die Uhr hier und die des Dienstes weichen um {seconds} s ab.",
        "The clock here and the service's differ by {seconds} s.",
    ),
    "origins": Text("Erlaubte Seiten: {origins}.", "Allowed pages: {origins}."),
    "origins_not": Text(
        "AllowedOrigins ist leer: keine Seite kommt herein.", "AllowedOrigins is empty: no page gets in."
    ),
    "cors": Text("CORS erlaubt {origin}.", "CORS allows {origin}."),
    "cors_not": Text("CORS erlaubt {origin} nicht.", "CORS does not allow {origin}."),
    "cors_stranger": Text("CORS weist fremde Seiten ab.", "CORS turns strange pages away."),
    "cors_stranger_not": Text("CORS erlaubt jede Seite.", "CORS allows every page."),
    "clients": Text("Clients: {clients}.", "Clients: {clients}."),
    "client_forged": Text(
        "Den Client {client} hat jemand ohne den Pepper in die Tabelle geschrieben; er gilt nicht.",
        "Somebody without the pepper wrote the client {client} into the table; it does not count.",
    ),
    "client_origins_not": Text(
        "Seiten des Clients {client} stehen nicht in AllowedOrigins: {origins}.",
        "Pages of the client {client} are not in AllowedOrigins: {origins}.",
    ),
    "countries": Text("SMS gehen in diese Länder: {countries}.", "SMS go to these countries: {countries}."),
    "countries_not": Text(
        "SmsCountries ist leer oder nennt Länder, deren Vorwahl der Dienst nicht kennt: {unknown}.",
        "SmsCountries is empty, or names countries whose calling code the service does not know: {unknown}.",
    ),
    "socket_reached_not": Text("Der WebSocket {url} antwortet nicht.", "The WebSocket {url} does not answer."),
    "socket": Text(
        "Der WebSocket {url} weist ab, wer kein Ticket hat.", "The WebSocket {url} turns away who has no ticket."
    ),
    "socket_not": Text(
        "Der WebSocket {url} nimmt Fremde an oder ist gestört.", "The WebSocket {url} lets strangers in or is broken."
    ),
    "table": Text("Die Tabelle {name} ist bereit.", "The table {name} is ready."),
    "table_not": Text("Die Tabelle {name} ist nicht bereit.", "The table {name} is not ready."),
    "ttl": Text("Abgelaufenes wird gelöscht (TTL).", "What expired gets deleted (TTL)."),
    "ttl_not": Text("TTL ist aus: Abgelaufenes bleibt liegen.", "TTL is off: what expired stays."),
    "pitr": Text("Die Tabelle lässt sich zurückholen (PITR).", "The table can be restored (PITR)."),
    "pitr_not": Text("PITR ist aus: Gelöschtes ist verloren.", "PITR is off: what gets lost stays lost."),
    "protection": Text("Die Tabelle ist vor Löschen geschützt.", "The table is protected from deletion."),
    "protection_not": Text("Die Tabelle ist nicht vor Löschen geschützt.", "The table is not protected from deletion."),
    "sse": Text("Die Tabelle ist mit KMS verschlüsselt.", "The table is encrypted with KMS."),
    "sse_not": Text("Die Tabelle ist nicht mit KMS verschlüsselt.", "The table is not encrypted with KMS."),
    "shifted": Text("Alle erreichen dieselbe Version ({version}).", "Everybody meets the same version ({version})."),
    "shifted_not": Text(
        "Gerade wird auf eine neue Version umgestellt: ein Teil der Anfragen hat sie schon.",
        "A shift to a new version is under way: some requests meet it already.",
    ),
    "release": Text("Diese Version ist die zuletzt ausgerollte.", "This version is what was deployed last."),
    "release_not": Text(
        "Code oder Einstellungen der Version sind nicht die zuletzt ausgerollten: bitte make deploy.",
        "Code or settings of the version are not those deployed last: please make deploy.",
    ),
    "pepper": Text("Der Pepper ist lesbar und lang genug.", "The pepper can be read and is long enough."),
    "pepper_not": Text("Der Pepper ist zu kurz.", "The pepper is too short."),
    "sandbox": Text("SMS erreichen alle Nummern.", "SMS reach every number."),
    "sandbox_not": Text(
        "Das Konto ist in der SMS-Sandbox: SMS erreichen nur bestätigte Nummern.",
        "The account is in the SMS sandbox: SMS reach verified numbers only.",
    ),
    "sender_rules": Text(
        "Für jedes dieser Länder ist bekannt, ob der Absendername registriert sein muss (Stand {read_on}).",
        "For each of these countries it is known whether a sender ID needs registration (as of {read_on}).",
    ),
    "sender_rules_not": Text(
        "Ob diese Länder unregistrierte Absendernamen zustellen, ist hier nicht bekannt (Stand {read_on}): "
        "{countries}. Bitte in der Länderliste von AWS nachsehen.",
        "Whether these countries deliver unregistered sender IDs is not known here (as of {read_on}): "
        "{countries}. Please look it up in AWS's table of countries.",
    ),
    "sender_registered": Text(
        "Der Absendername {sender} ist für {country} registriert.",
        "The sender ID {sender} is registered for {country}.",
    ),
    "sender_registered_not": Text(
        "{country} stellt unregistrierte Absendernamen nicht zu (seit {since}), und {sender} ist nicht registriert: "
        "bitte registrieren oder {country} aus SmsCountries nehmen.",
        "{country} delivers no unregistered sender ID (since {since}), and {sender} is not registered: "
        "please register it or take {country} out of SmsCountries.",
    ),
    "sender_policy": Text(
        "SNS darf den Absendernamen {sender} für {country} benutzen.",
        "SNS may use the sender ID {sender} for {country}.",
    ),
    "sender_policy_not": Text(
        "SNS darf den Absendernamen {sender} für {country} nicht benutzen: smartident sender allow {country}",
        "SNS may not use the sender ID {sender} for {country}: smartident sender allow {country}",
    ),
    "spend": Text(
        "SMS dürfen {spend} USD im Monat kosten: das reicht für SmsDailyBudget ({budget} am Tag).",
        "SMS may cost {spend} USD a month: that lasts for SmsDailyBudget ({budget} a day).",
    ),
    "spend_not": Text(
        "SMS dürfen nur {spend} USD im Monat kosten. SmsDailyBudget erlaubt {budget} am Tag, das wären etwa {needed} "
        "USD: danach nimmt SNS SMS an und sendet keine.",
        "SMS may cost only {spend} USD a month. SmsDailyBudget allows {budget} a day, which would be some {needed} "
        "USD: beyond the limit SNS accepts SMS and sends none.",
    ),
    "spend_alarm": Text(
        "Der Alarm SmsSpend kennt diese Grenze ({spend} USD).", "The alarm SmsSpend knows this limit ({spend} USD)."
    ),
    "spend_alarm_not": Text(
        "Der Alarm SmsSpend rechnet mit {assumed} USD im Monat, SNS mit {spend}: bitte SmsMonthlyLimit angleichen.",
        "The alarm SmsSpend assumes {assumed} USD a month, SNS allows {spend}: please set SmsMonthlyLimit to it.",
    ),
    "delivery_logs": Text("SNS schreibt auf, was aus jeder SMS wurde.", "SNS logs what became of each SMS."),
    "delivery_logs_not": Text(
        "SNS schreibt nicht auf, was aus jeder SMS wurde: ob eine ankam, weiß dann niemand.",
        "SNS does not log what became of each SMS: nobody can tell whether one arrived.",
    ),
    "containers": Text("{limit} Anfragen dürfen zugleich laufen.", "{limit} requests may run at once."),
    "containers_not": Text(
        "Das Konto lässt nur {limit} Anfragen zugleich laufen, mehr werden abgewiesen: bitte bei AWS erhöhen lassen.",
        "The account lets only {limit} requests run at once and turns more away: please ask AWS for more.",
    ),
}
