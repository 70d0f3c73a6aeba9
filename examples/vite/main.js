import { SmartIdent } from "../../web/smartident.js";

const service = new SmartIdent({
  apiUrl: import.meta.env.VITE_API_URL ?? "http://localhost:8080",
  clientId: "app",
  language: "en",
});
const form = document.querySelector("form");
const status = document.querySelector("[role=status]");

// `make run ARGS="--client app=http://localhost:5173/done"` sends people here after login.
if (location.pathname.startsWith("/done")) {
  form.remove();
  status.textContent = "You are signed in";
}

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
