import { useEffect, useState, type FormEvent } from "react";
import { createRoot } from "react-dom/client";
import { Refusal, SmartIdent, type Login } from "smartident";

const service = new SmartIdent({
  apiUrl: import.meta.env["VITE_API_URL"] ?? "http://localhost:8080",
  clientId: "app",
  language: "en",
});

function LoginPage() {
  const [login, setLogin] = useState<Login>();
  const [message, setMessage] = useState("");

  useEffect(() => {
    if (!login) return undefined;
    // A login that nobody waits for any more is cancelled: the phone then shows nothing that leads nowhere.
    let left = false;
    const tell = ({ detail }: CustomEvent<string>) => { if (detail === "offline") setMessage("No connection"); };
    login.addEventListener("connection", tell);
    login.completed.then(({ id_token, redirect_to }) => {
      // Your server gets the id_token here, checks it, and begins a session. Keep it out of URLs and logs.
      void id_token;
      location.assign(redirect_to);
    }, (refusal: Refusal) => { if (!left) { setMessage(refusal.message); setLogin(undefined); } });
    return () => { left = true; login.removeEventListener("connection", tell); void login.cancel(); };
  }, [login]);

  async function start(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    try {
      setMessage("One moment");
      const started = await service.login(String(form.get("identifier")), String(form.get("password")));
      setMessage(started.transferCode ? `Type ${started.transferCode} in the app` : "One moment");
      setLogin(started);
    } catch (refusal) {
      setMessage(refusal instanceof Refusal ? refusal.message : String(refusal));
    }
  }

  return (
    <>
      <form onSubmit={start}>
        <label>Access number or e-mail <input name="identifier" autoComplete="username" required /></label>
        <label>Password <input name="password" type="password" autoComplete="current-password" required /></label>
        <button disabled={login !== undefined}>Log in</button>
      </form>
      <p role="status">{message}</p>
    </>
  );
}

// `make run ARGS="--client app=http://localhost:5173/done"` sends people here after login.
const signedIn = location.pathname.startsWith("/done");
createRoot(document.getElementById("root") as HTMLElement).render(signedIn ? <p role="status">You are signed in</p> : <LoginPage />);
