"""What a line of the log may hold; docs/log-fields.md says what each field means."""

# What Powertools adds to every line, and what telemetry.py names.
STANDARD = {"level", "location", "message", "timestamp", "service"}
LINES = {
    "request": {"route", "status", "request_id", "milliseconds"},
    "refusal": {"code", "why", "request_id"},
    "fault": {"error", "where", "request_id"},
    "event": {"event", "request_id"},
}
# What some events bear and others do not.
MAY = {"event": {"login", "reason", "seconds", "budget_left", "budget_percent"}}
