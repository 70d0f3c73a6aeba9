"""What the commands for clients say."""

from smartident_cli.sentences import Text

CLIENT_TEXTS = {
    "client": Text("Client", "Client"),
    "client_state_removed": Text("entfernt", "removed"),
    "origins_of_client": Text("Seiten", "Origins"),
    "redirect_uris": Text("Rückkehr nach", "Redirect URIs"),
    "auth_method": Text("Weist sich aus durch", "Proves itself by"),
    "post_logout_redirect_uris": Text("Nach dem Abmelden nach", "After logout to"),
    "backchannel_logout_uri": Text("Erfährt vom Abmelden unter", "Hears of logouts at"),
    "logout_unfit": Text(
        "gehört dazu: abmelden kann nur ein Client von OpenID Connect",
        "is missing: only a client of OpenID Connect logs out",
    ),
    "backchannel_unfit": Text(
        "keine öffentliche Adresse wie https://host/pfad, Port 443",
        "not a public address such as https://host/path, port 443",
    ),
    "client_secret": Text(
        "Client Secret, nur jetzt zu sehen: {secret}",
        "Client secret, shown only now: {secret}",
    ),
    "confirm_rotate_secret": Text(
        "Dem Client {client} ein neues Secret geben? Das bisherige gilt dann nicht mehr.",
        "Give the client {client} a new secret? The present one will be worth nothing.",
    ),
    "no_client_with_secret": Text(
        "Einen Client {client} mit einem Secret gibt es nicht.", "There is no client {client} with a secret."
    ),
    "changed_by": Text("Geändert von", "Changed by"),
    "changed_at": Text("Geändert am", "Changed at"),
    "by_deployment": Text("die Parameter des Stacks", "the stack's parameters"),
    "client_added": Text(
        "Der Client {client} ist hinzugefügt; angemeldet werden kann spätestens in einer Minute.",
        "The client {client} was added; people can log in within a minute.",
    ),
    "client_policy_set": Text(
        "Anmeldung bei {client}: {policy}. Das gilt spätestens in einer Minute.",
        "Logging in to {client}: {policy}. This holds within a minute.",
    ),
    "policy_of_stack": Text(
        "Den Client {client} beschreiben die Parameter des Stacks; dort steht LoginPolicy.",
        "The stack's parameters describe the client {client}; LoginPolicy is one of them.",
    ),
    "client_removed": Text(
        "Der Client {client} ist entfernt; spätestens in einer Minute meldet sich dort niemand mehr an.",
        "The client {client} was removed; within a minute nobody logs in to it any more.",
    ),
    "client_taken": Text("Den Client {client} gibt es schon.", "There is a client {client} already."),
    "no_client": Text("Einen Client {client} gibt es nicht.", "There is no client {client}."),
    "client_of_stack": Text(
        "Den Client {client} beschreiben die Parameter des Stacks; hier lässt er sich nicht entfernen.",
        "The stack's parameters describe the client {client}; it cannot be removed here.",
    ),
    "confirm_remove_client": Text("Den Client {client} entfernen?", "Remove the client {client}?"),
    "origin_not_allowed": Text(
        "Hinweis: {origin} steht nicht in AllowedOrigins, also kann diese Seite die API nicht aufrufen. "
        "Bitte dort ergänzen und ausrollen (make deploy).",
        "Note: {origin} is not in AllowedOrigins, so this page cannot call the API. "
        "Please add it there and deploy (make deploy).",
    ),
    "auth_method_unfit": Text("eines von {methods}", "one of {methods}"),
    "keys_unfit": Text(
        "gehören zu --auth private_key_jwt, und dort dazu", "belong to --auth private_key_jwt, which needs them"
    ),
    "jwks_unfit": Text(
        "kein JWK Set aus höchstens {most} öffentlichen Schlüsseln (P-256 oder Ed25519)",
        "not a JWK set of at most {most} public keys (P-256 or Ed25519)",
    ),
    "id_token_alg_unfit": Text("eines von {algs}", "one of {algs}"),
    "not_of_oauth": Text("der Client spricht kein OpenID Connect", "the client does not speak OpenID Connect"),
    "no_rsa_key": Text(
        "der Dienst signiert nicht mit RS256: RsaSigningKeys ist leer oder noch nicht ausgerollt",
        "the service does not sign by RS256: RsaSigningKeys is empty or not deployed yet",
    ),
    "client_changed": Text(
        "Der Client {client} ist geändert; spätestens in einer Minute gilt es.",
        "The client {client} was changed; within a minute it counts.",
    ),
    "delivery_unfit": Text("poll, ping oder off", "poll, ping or off"),
    "ping_endpoint_unfit": Text(
        "gehört zu ping: eine öffentliche Adresse wie https://host/seite, ohne eigenen Port",
        "belongs to ping: a public address such as https://host/page, without a port of its own",
    ),
    "no_secret_for_ciba": Text(
        "der Client weist sich nicht aus: CIBA verlangt ein Secret oder einen Schlüssel",
        "the client does not prove itself: CIBA wants a secret or a key",
    ),
    "ciba": Text("Fragt Telefone selbst (CIBA)", "Asks phones by itself (CIBA)"),
    "nothing_to_change": Text("Es ist nichts zu ändern angegeben.", "There is nothing to change."),
    "client_id_unfit": Text(
        "1 bis 64 Buchstaben, Ziffern, Punkte, Binde- und Unterstriche",
        "1 to 64 letters, digits, dots, dashes and underscores",
    ),
    "client_name_unfit": Text(
        "fehlt oder ist kein Name (höchstens 64 Zeichen)", "is missing or is not a name (64 characters at most)"
    ),
    "entries_unfit": Text("mindestens eine, höchstens {most}", "at least one, {most} at most"),
    "origin_unfit": Text(
        "keine Herkunft wie https://host, in Kleinbuchstaben, ohne Pfad und Schrägstrich am Ende",
        "not an origin such as https://host, in lower case, without path or slash at its end",
    ),
    "redirect_uri_unfit": Text(
        "keine Adresse wie https://host/seite ohne #", "not an address such as https://host/page without a #"
    ),
}
