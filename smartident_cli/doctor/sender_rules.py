"""Where a sender ID must be registered, as far as it was read; docs/operate.md names the sources."""

READ_ON = "2026-11-28"

# Country: the day from which its carriers deliver no unregistered sender ID, or nothing where it was not read.
REGISTRATION = {"AT": "2026-10-01", "ES": "2026-09-15", "FI": "", "IE": ""}
# Countries where an unregistered sender ID is known to arrive, shown or replaced.
WITHOUT_REGISTRATION = {"BE", "CH", "DE", "IT"}
