// @ts-check

/** What all pages say, in English. @type {import("./de.js").Texts} */
export const en = {
  language: "Language",
  other: { de: "Deutsch", en: "English" },
  duration: (seconds) => {
    if (seconds < 90) return seconds === 1 ? "1 second" : `${seconds} seconds`;
    const minutes = Math.ceil(seconds / 60);
    return minutes < 90 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
  },
  again: (duration) => `Please try again in ${duration}.`,
  attemptsLeft: (n) => (n === 1 ? "You have one attempt left." : `You have ${n} attempts left.`),
  timeLeft: (clock) => `${clock} left`,
  halfMinute: "30 seconds left.",
  qrCode: (what) => `QR code: ${what}`,
  showPassword: "Show password",
  hidePassword: "Hide password",
  required: {
    identifier: "Please enter your access number or e-mail address.",
    password: "Please enter your password.",
    code: "Please enter all six digits.",
    name: "Please enter a name.",
  },
  refusals: {
    network_unavailable: "No connection. What you entered is kept; please check the internet and try again.",
    invalid_request: "We cannot work with this input. Please check it.",
    invalid_credentials: "Account number, e-mail address or password is not right.",
    access_number_required: "This e-mail address belongs to several accounts. Please enter your access number instead.",
    key_registration_required: "No phone has been set up for this account yet.",
    too_many_attempts: "Too many attempts. For your protection we take a short break.",
    registration_not_found: "This setup no longer exists. Please start again.",
    registration_expired: "The time for this setup is over. Please start again.",
    code_wrong: "This confirmation code is not right. Please check the text message.",
    code_exhausted: "The code was entered wrongly too often and is no longer valid. Please start again.",
    sms_unavailable: "The text message could not be sent just now. Please ask for it again in a moment.",
    proof_invalid: "This device could not identify itself. Please set up the account again.",
    proof_stale: "This device's clock is wrong. Please set date and time to automatic.",
    device_revoked: "This device has been blocked for the account. Please set up the account again.",
    device_not_found: "This device no longer exists. Please open the list of devices again.",
    device_limit_reached: "Too many devices are set up for this account already. Please block one of them first.",
    login_not_found: "This login no longer exists. Please log in on the website again.",
    login_expired: "The time for this login is over. Please log in on the website again.",
    login_decided: "This login has been decided already.",
    login_pending: "This login has not been approved yet.",
    login_denied: "This login was declined.",
    login_cancelled: "This login was cancelled.",
    transfer_code_wrong: "The transfer code was wrong. To be safe, the login was declined; please log in again.",
    approval_invalid: "The approval could not be verified. Please try once more.",
    origin_refused: "This page may not use the service. Please open FinanceApp at the address you know.",
    signing_unavailable: "The login is approved but cannot be completed just now.",
    service_unavailable: "The service cannot be reached just now.",
    internal_error: "Something went wrong on our side. Please try once more.",
    fingerprint_refused: "Face ID or fingerprint was not confirmed. Nothing was approved; please try again.",
    passkey_unavailable: "This device offers websites neither Face ID nor fingerprint nor screen lock.",
  },
};
