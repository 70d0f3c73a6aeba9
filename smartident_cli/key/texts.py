"""What the commands for signing keys say."""

from smartident_cli.sentences import Text

KEY_TEXTS = {
    "signing_key": Text("Schlüssel", "Key"),
    "kid": Text("Kennung (kid)", "Id (kid)"),
    "key_created_at": Text("Erstellt", "Created"),
    "key_signs": Text("unterschreibt", "signs"),
    "key_published": Text("veröffentlicht", "published"),
    "rotation_publish": Text(
        "Nächster Schritt, wenn Sie den Schlüssel wechseln wollen: einen zweiten erzeugen und veröffentlichen.",
        "Next step, if you want another signing key: create a second one and publish it.",
    ),
    "rotation_sign": Text(
        "Nächster Schritt: mit dem neueren Schlüssel unterschreiben. Der ältere bleibt veröffentlicht.",
        "Next step: sign with the newer key. The older one stays published.",
    ),
    "rotation_retire": Text(
        "Nächster Schritt: den älteren Schlüssel aus dem Stack nehmen.",
        "Next step: take the older key out of the stack.",
    ),
    "rotation_of_rsa_keys": Text(
        "Die Schlüssel für RS256 wechseln Sie selbst, in RsaSigningKeys (docs/operate.md).",
        "You rotate the keys for RS256 yourself, in RsaSigningKeys (docs/operate.md).",
    ),
    "rotation_next": Text(
        'In samconfig.toml "SigningKeyOrder={order}" unter parameter_overrides eintragen, dann make deploy.',
        'Put "SigningKeyOrder={order}" into parameter_overrides of samconfig.toml, then make deploy.',
    ),
    "rotation_delete": Text(
        "Danach löscht ihn dieser Befehl: aws kms schedule-key-deletion --key-id {kid}",
        "Afterwards this command deletes it: aws kms schedule-key-deletion --key-id {kid}",
    ),
    "rotation_early": Text(
        "Zu früh: Bitte erst ab {at} ausrollen. Bis dahin könnte jemand ein gültiges Token ablehnen.",
        "Too early: please deploy it from {at} on. Until then somebody could refuse a valid token.",
    ),
    "rotation_deploying": Text(
        "Der Stack wird gerade ausgerollt oder ist steckengeblieben: bitte warten, dann noch einmal fragen.",
        "The stack is being deployed, or is stuck: please wait, then ask again.",
    ),
    "rotation_not_everybody": Text(
        "Noch nicht alle erreichen die zuletzt ausgerollte Version: bitte warten, oder noch einmal make deploy.",
        "Not everybody reaches the version that was deployed last yet: please wait, or make deploy once more.",
    ),
    "rotation_unpublished": Text(
        "Das JWKS des Dienstes enthält nicht alle Schlüssel des Stacks: smartident doctor sagt mehr.",
        "The JWKS of the service does not contain all keys of the stack: smartident doctor says more.",
    ),
    "rotation_of_stack": Text(
        "Nur ein Stack wechselt seinen Schlüssel; auf dem Laptop bekommt jeder Start einen neuen.",
        "Only a stack changes its key; on the laptop every start gets a new one.",
    ),
}
