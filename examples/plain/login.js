import { SmartIdent } from "./smartident.js";

// The test of the examples gives another address; a page of your own writes its API's here.
const apiUrl = new URLSearchParams(location.search).get("api") ?? "http://localhost:8080";
const service = new SmartIdent({ apiUrl, clientId: "app", language: "en" });
const form = document.querySelector("form");
const status = document.querySelector("[role=status]");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const login = await service.login(form.identifier.value, form.password.value);
    status.textContent = login.transferCode ? `Type ${login.transferCode} in the app` : "One moment";
    const { id_token, redirect_to } = await login.completed;
    // Your server gets the id_token here, checks it, and begins a session. Keep it out of URLs and logs.
    console.assert(id_token);
    location.assign(redirect_to);
  } catch (refusal) {
    status.textContent = refusal.message;
  }
});
