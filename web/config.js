// @ts-check
/**
 * What an operator sets for these pages; `make deploy` writes this file for the cloud.
 *
 * `apiUrl`: the API without trailing slash; empty is the pages' own origin.
 * `appLinks`: where people get the app; what the service says in `key_registration_required` goes first.
 */
export const config = {
  apiUrl: "",
  clientId: "financeapp",
  appLinks: { app_store: "", play_store: "", web: "/app/" },
};
