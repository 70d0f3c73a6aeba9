// @ts-check
/** @typedef {typeof de} Texts */

/** What all pages say, in German. */
export const de = {
  language: "Sprache",
  other: { de: "Deutsch", en: "English" },
  duration: (/** @type {number} */ seconds) => {
    if (seconds < 90) return seconds === 1 ? "1 Sekunde" : `${seconds} Sekunden`;
    const minutes = Math.ceil(seconds / 60);
    return minutes < 90 ? `${minutes} Minuten` : `${Math.ceil(minutes / 60)} Stunden`;
  },
  again: (/** @type {string} */ duration) => `Weiter geht es in ${duration}.`,
  attemptsLeft: (/** @type {number} */ n) => (n === 1 ? "Sie haben noch einen Versuch." : `Sie haben noch ${n} Versuche.`),
  reference: (/** @type {string} */ id) => `Kennung für Rückfragen: ${id}`,
  timeLeft: (/** @type {string} */ clock) => `Noch ${clock}`,
  halfMinute: "Noch 30 Sekunden.",
  trial: "Probeadresse: Bekommt der Dienst später eine andere Adresse, muss jedes Telefon mit der Web-App neu eingerichtet werden.",
  qrCode: (/** @type {string} */ what) => `QR-Code: ${what}`,
  showPassword: "Passwort anzeigen",
  hidePassword: "Passwort verbergen",
  required: {
    identifier: "Bitte geben Sie Ihre Zugangsnummer oder E‑Mail-Adresse ein.",
    password: "Bitte geben Sie Ihr Passwort ein.",
    code: "Bitte geben Sie alle sechs Ziffern ein.",
    name: "Bitte geben Sie einen Namen ein.",
  },
  links: { help: "Hilfe", contact: "Kontakt", imprint: "Impressum", privacy: "Datenschutz", forgotPassword: "Passwort vergessen?" },
  colours: { blue: "Blau", green: "Grün", orange: "Orange", violet: "Violett", turquoise: "Türkis", pink: "Rosa", yellow: "Gelb", brown: "Braun" },
  refusals: {
    network_unavailable: "Keine Verbindung. Bitte prüfen Sie das Internet.",
    unreadable_answer: "Von FinanceApp kam keine verständliche Antwort. Bitte versuchen Sie es gleich noch einmal.",
    page_failed: "Auf dieser Seite ist etwas schiefgegangen. Bitte laden Sie sie neu.",
    fingerprint_refused: "Face ID, Fingerabdruck oder Gerätesperre wurde nicht bestätigt. Bitte versuchen Sie es noch einmal.",
    passkey_unavailable: "Auf diesem Gerät kann smartIDENT weder Face ID noch Fingerabdruck oder Gerätesperre benutzen. Bitte richten Sie in den Einstellungen eine Gerätesperre ein oder nehmen Sie ein anderes Gerät.",
    passkey_known: "Auf diesem Gerät haben Sie schon einen Passkey für diesen Zugang. Für einen weiteren nehmen Sie bitte ein anderes Gerät.",
    request_unreadable: "Eine Anfrage kann diese App nicht anzeigen. Bitte schließen Sie die App und öffnen Sie sie neu.",
    setup_lapsed: "Die Zeit für diese Einrichtung ist vorbei. Bitte beginnen Sie neu.",
    storage_forbidden: "Dieser Browser lässt smartIDENT nichts speichern. Bitte erlauben Sie Website-Daten für diese Seite, und öffnen Sie sie nicht in einem privaten Fenster.",
    storage_silent: "Der Speicher dieses Browsers antwortet nicht. Bitte schließen Sie die App ganz und öffnen Sie sie neu.",
    storage_failed: "Der Speicher dieses Browsers ist gestört. Bitte schließen Sie die App ganz und öffnen Sie sie neu. Hilft das nicht, starten Sie das Gerät neu.",
    storage_full: "Auf diesem Gerät ist kein Speicher mehr frei. Bitte löschen Sie etwas und versuchen Sie es noch einmal.",
    keys_refused: "Dieser Browser kann keine Schlüssel aufbewahren. Bitte nehmen Sie ein normales Fenster oder einen anderen Browser.",
    push_denied: "Sie haben Mitteilungen nicht erlaubt. Möchten Sie es doch, ändern Sie das in den Einstellungen des Browsers.",
    push_unavailable: "Mitteilungen sind gerade nicht möglich. Die App funktioniert auch ohne: Öffnen Sie sie, wenn Sie sich anmelden.",
  },
};
