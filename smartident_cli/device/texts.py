"""What the commands for devices say."""

from smartident_cli.sentences import Text

DEVICE_TEXTS = {
    "device_left": Text("abgemeldet", "signed out"),
    "confirm_revoke": Text("Das Gerät {name} endgültig sperren?", "Block the device {name} for good?"),
}
