"""What `smartident cost` says, in German and English."""

from console.voice import Text

COST_TEXTS = {
    "cost_head": Text(
        "Listenpreise von AWS, {region}, Stand {date}, in USD, ohne Freimengen und Rabatte",
        "AWS list prices, {region}, as of {date}, in USD, without free allowances or discounts",
    ),
    "cost_logins": Text("Eine Million Anmeldungen", "One million logins"),
    "cost_enrolments": Text("Eine Million Registrierungen von Telefonen", "One million enrolments of phones"),
    "cost_month": Text("Ein Monat", "One month"),
    "cost_what": Text("Wofür", "What for"),
    "cost_amount": Text("Menge", "Amount"),
    "cost_usd": Text("USD", "USD"),
    "cost_sum": Text("Summe", "Sum"),
    "cost_plain": Text("Der Dienst", "The service"),
    "cost_all": Text("Alles zusammen", "All together"),
    "cost_of_logins": Text("Anmeldungen, {number} am Tag", "logins, {number} a day"),
    "cost_of_enrolments": Text("Registrierungen, {number} am Tag", "enrolments, {number} a day"),
    "cost_no_price": Text(
        "{named}: kein Preis dieses Modells oder keine Zahl. Es kennt {known}.",
        "{named}: no price of this model, or no number. It knows {known}.",
    ),
    "cost_no_region": Text("{region} ist nicht dabei: {known}.", "{region} is not among {known}."),
    "line_write_units": Text("Tabelle, Schreibeinheiten", "table, write units"),
    "line_read_units": Text("Tabelle, Leseeinheiten", "table, read units"),
    "line_http_requests": Text("HTTP-API, Anfragen", "HTTP API, requests"),
    "line_socket_messages": Text("WebSocket, Nachrichten", "WebSocket, messages"),
    "line_socket_minutes": Text("WebSocket, Minuten", "WebSocket, minutes"),
    "line_function_gb_seconds": Text("Funktionen, GB-Sekunden", "functions, GB-seconds"),
    "line_function_requests": Text("Funktionen, Aufrufe", "functions, calls"),
    "line_transfer": Text("Antworten, GB", "answers, GB"),
    "line_kept": Text(
        "Verlauf und Belege, RetentionDays lang, GB-Monate", "history and receipts, for RetentionDays, GB-months"
    ),
    "line_logs": Text("Log, GB", "log, GB"),
    "line_signatures": Text("KMS, Signaturen", "KMS, signatures"),
    "line_sms": Text("SMS", "SMS"),
    "line_keys": Text("KMS-Schlüssel", "KMS key"),
    "line_secrets": Text("Pepper im Secrets Manager", "pepper in Secrets Manager"),
    "line_metrics": Text("Metriken aus dem Log, höchstens", "metrics of the log, at most"),
    "line_alarms": Text("Metriken, auf die Alarme sehen", "metrics that alarms look at"),
    "line_dashboards": Text("Dashboard", "dashboard"),
    "line_at_rest": Text("Zugänge in der Tabelle, GB", "accounts in the table, GB"),
}
