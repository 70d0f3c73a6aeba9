// @ts-check
/** What the page behind the link of a notice says, in English. @type {import("./de.js").Texts} */
export const en = {
  asks: {
    title: "Freeze the account?",
    lead: "You got a message from us, and it was not you? Then freeze your account here at once.",
    what: [
      "Nobody can log in any more, not even you.",
      "Everything that waits at the moment ends.",
      "You can open the account yourself: in the smartIDENT app on a phone that you have used for more than a day.",
    ],
    freeze: "Freeze the account now",
    otherwise: "If it was you, close this page. Nothing changes.",
  },
  frozen: {
    title: "Your account is frozen",
    lead: "Until it is opened again, nobody can log in.",
    next: [
      "Open the smartIDENT app and look under “Accounts” what has happened. Remove every strange device there.",
      "Then open the account in the app again, and change your password.",
      "If you no longer have a phone with the app, call FinanceApp.",
    ],
  },
  missing: {
    title: "Something is missing here",
    lead: "The address of this page is not complete.",
    next: ["Open the link from our message once more.", "You can freeze your account in the smartIDENT app too."],
  },
};
