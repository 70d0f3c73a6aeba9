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
  again: (/** @type {string} */ duration) => `Bitte versuchen Sie es in ${duration} erneut.`,
  attemptsLeft: (/** @type {number} */ n) => (n === 1 ? "Sie haben noch einen Versuch." : `Sie haben noch ${n} Versuche.`),
  timeLeft: (/** @type {string} */ clock) => `Noch ${clock}`,
  halfMinute: "Noch 30 Sekunden.",
  qrCode: (/** @type {string} */ what) => `QR-Code: ${what}`,
  showPassword: "Passwort anzeigen",
  hidePassword: "Passwort verbergen",
  required: {
    identifier: "Bitte geben Sie Ihre Zugangsnummer oder E-Mail-Adresse ein.",
    password: "Bitte geben Sie Ihr Passwort ein.",
    code: "Bitte geben Sie alle sechs Ziffern ein.",
    name: "Bitte geben Sie einen Namen ein.",
  },
  refusals: {
    network_unavailable: "Keine Verbindung. Ihre Eingaben bleiben erhalten; bitte prüfen Sie das Internet und versuchen Sie es erneut.",
    invalid_request: "Diese Eingabe können wir so nicht verarbeiten. Bitte prüfen Sie sie.",
    invalid_credentials: "Zugangsnummer, E-Mail-Adresse oder Passwort stimmen nicht.",
    access_number_required: "Zu dieser E-Mail-Adresse gehören mehrere Zugänge. Bitte geben Sie stattdessen Ihre Zugangsnummer ein.",
    key_registration_required: "Für diesen Zugang ist noch kein Telefon eingerichtet.",
    too_many_attempts: "Zu viele Versuche. Zu Ihrem Schutz machen wir eine kurze Pause.",
    registration_not_found: "Diese Einrichtung gibt es nicht mehr. Bitte beginnen Sie neu.",
    registration_expired: "Die Zeit für diese Einrichtung ist abgelaufen. Bitte beginnen Sie neu.",
    code_wrong: "Dieser Bestätigungscode stimmt nicht. Bitte prüfen Sie die SMS.",
    code_exhausted: "Der Code wurde zu oft falsch eingegeben und gilt nicht mehr. Bitte beginnen Sie neu.",
    sms_unavailable: "Die SMS konnte gerade nicht gesendet werden. Bitte fordern Sie sie gleich noch einmal an.",
    proof_invalid: "Dieses Gerät konnte sich nicht ausweisen. Bitte richten Sie den Zugang neu ein.",
    proof_stale: "Die Uhr dieses Geräts geht falsch. Bitte stellen Sie Datum und Uhrzeit auf automatisch.",
    device_revoked: "Dieses Gerät wurde für den Zugang gesperrt. Bitte richten Sie den Zugang neu ein.",
    device_not_found: "Dieses Gerät gibt es nicht mehr. Bitte öffnen Sie die Liste der Geräte neu.",
    device_limit_reached: "Für diesen Zugang sind schon zu viele Geräte eingerichtet. Bitte sperren Sie zuerst eines davon.",
    login_not_found: "Diese Anmeldung gibt es nicht mehr. Bitte melden Sie sich auf der Webseite neu an.",
    login_expired: "Die Zeit für diese Anmeldung ist abgelaufen. Bitte melden Sie sich auf der Webseite neu an.",
    login_decided: "Über diese Anmeldung wurde schon entschieden.",
    login_pending: "Diese Anmeldung ist noch nicht freigegeben.",
    login_denied: "Diese Anmeldung wurde abgelehnt.",
    login_cancelled: "Diese Anmeldung wurde abgebrochen.",
    transfer_code_wrong: "Der Übertragungscode war falsch. Die Anmeldung wurde zur Sicherheit abgelehnt; bitte melden Sie sich neu an.",
    approval_invalid: "Die Freigabe konnte nicht geprüft werden. Bitte versuchen Sie es noch einmal.",
    origin_refused: "Diese Seite darf den Dienst nicht benutzen. Bitte öffnen Sie FinanceApp über die bekannte Adresse.",
    signing_unavailable: "Die Anmeldung ist freigegeben, kann aber gerade nicht abgeschlossen werden.",
    service_unavailable: "Der Dienst ist gerade nicht erreichbar.",
    internal_error: "Da ist bei uns etwas schiefgegangen. Bitte versuchen Sie es noch einmal.",
    fingerprint_refused: "Face ID oder Fingerabdruck wurde nicht bestätigt. Es wurde nichts freigegeben; bitte versuchen Sie es erneut.",
    passkey_unavailable: "Dieses Gerät bietet weder Face ID noch Fingerabdruck oder Gerätesperre für Webseiten an.",
  },
};
