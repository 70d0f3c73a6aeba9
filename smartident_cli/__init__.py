"""The `smartident` command: one folder a command, each with its own texts."""
