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
  again: (duration) => `You can go on in ${duration}.`,
  attemptsLeft: (n) => (n === 1 ? "You have one attempt left." : `You have ${n} attempts left.`),
  reference: (id) => `Reference for questions: ${id}`,
  timeLeft: (clock) => `${clock} left`,
  halfMinute: "30 seconds left.",
  trial: "Trial address: if the service gets another address later, every phone with the web app must be set up again.",
  qrCode: (what) => `QR code: ${what}`,
  showPassword: "Show password",
  hidePassword: "Hide password",
  required: {
    identifier: "Please enter your access number or e‑mail address.",
    password: "Please enter your password.",
    code: "Please enter all six digits.",
    name: "Please enter a name.",
  },
  links: { help: "Help", contact: "Contact", imprint: "Legal notice", privacy: "Privacy", forgotPassword: "Forgot your password?" },
  colours: { blue: "Blue", green: "Green", orange: "Orange", violet: "Violet", turquoise: "Turquoise", pink: "Pink", yellow: "Yellow", brown: "Brown" },
  refusals: {
    network_unavailable: "No connection. Please check the internet.",
    unreadable_answer: "FinanceApp gave no answer that this page understands. Please try again in a moment.",
    page_failed: "Something went wrong on this page. Please load it again.",
    fingerprint_refused: "Face ID, fingerprint or screen lock was not confirmed. Please try once more.",
    passkey_unavailable: "On this device smartIDENT can use neither Face ID nor fingerprint nor screen lock. Please set up a screen lock in the settings, or use another device.",
    passkey_known: "On this device you already have a passkey for this account. For another one, please use another device.",
    request_unreadable: "There is a request that this app cannot show. Please close the app and open it again.",
    setup_lapsed: "The time for this setup is over. Please start again.",
    storage_forbidden: "This browser does not let smartIDENT store anything. Please allow website data for this page, and do not open it in a private window.",
    storage_silent: "The storage of this browser does not answer. Please close the app completely and open it again.",
    storage_failed: "The storage of this browser is broken. Please close the app completely and open it again. If that does not help, restart the device.",
    storage_full: "This device has no storage left. Please delete something and try again.",
    keys_refused: "This browser cannot keep keys. Please use a normal window or another browser.",
    push_denied: "You have not allowed notifications. If you change your mind, allow them in the settings of the browser.",
    push_unavailable: "Notifications are not possible just now. The app works without them: open it when you log in.",
  },
};
