// @ts-check
/**
 * What an operator sets for these pages; `make deploy` writes this file for the cloud.
 *
 * `apiUrl`: the API without trailing slash; empty is the pages' own origin.
 * `appLinks`: where people get the app; what the service says in `key_registration_required` goes first.
 * `links`: pages of the operator's own; an empty one is not shown.
 */
export const config = {
  apiUrl: "",
  clientId: "financeapp",
  appLinks: {
    app_store: "https://apps.apple.com/de/app/smartident/id6740001234",
    play_store: "https://play.google.com/store/apps/details?id=com.example.smartident",
    web: "/app/",
  },
  links: {
    help: "",
    contact: "",
    imprint: "",
    privacy: "",
    forgotPassword: "",
  },
};
