"""What each line of a bill is called."""

LABELS = {
    "write_units": "table, write units",
    "read_units": "table, read units",
    "http_requests": "HTTP API, requests",
    "socket_messages": "WebSocket, messages",
    "socket_minutes": "WebSocket, minutes",
    "function_gb_seconds": "functions, GB-seconds",
    "function_requests": "functions, calls",
    "transfer": "answers, GB",
    "kept": "history and receipts, for RetentionDays, GB-months",
    "logs": "log, GB",
    "signatures": "KMS, signatures",
    "sms": "SMS",
    "keys": "KMS key",
    "secrets": "pepper in Secrets Manager",
    "metrics": "metrics of the log, at most",
    "alarms": "metrics that alarms look at",
    "dashboards": "dashboard",
    "at_rest": "accounts in the table, GB",
}
