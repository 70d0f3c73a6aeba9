// Log in with the types that openapi-typescript has made of docs/api/openapi.yaml: node login.js URL NUMBER PASSWORD
import type { components, paths } from "./smartident.js";

type LoginRequest = components["schemas"]["LoginRequest"];
type Problem = components["schemas"]["Problem"];
type StartedLogin = paths["/v1/logins"]["post"]["responses"][201]["content"]["application/json"];
type CompletedLogin = paths["/v1/logins/{login_id}/complete"]["post"]["responses"][200]["content"]["application/json"];

declare const process: { argv: string[] };

class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

async function post<Answer>(url: string, init: { headers?: Record<string, string>; body?: string }): Promise<Answer> {
  const answer = await fetch(url, { method: "POST", ...init });
  if (!answer.ok) throw new Refused((await answer.json()) as Problem);
  return (await answer.json()) as Answer;
}

async function main(url: string, identifier: string, password: string): Promise<string> {
  const body = JSON.stringify({ identifier, password } satisfies LoginRequest);
  const started = await post<StartedLogin>(`${url}/v1/logins`, { headers: { "Content-Type": "application/json" }, body });
  const headers = { Authorization: `Bearer ${started.login_token}` };
  const completed = await post<CompletedLogin>(`${url}/v1/logins/${started.login_id}/complete`, { headers });
  return completed.redirect_to;
}

const [url = "", identifier = "", password = ""] = process.argv.slice(2);
main(url, identifier, password)
  .catch((error: unknown) => (error instanceof Refused ? error.problem.code : Promise.reject(error)))
  .then(console.log);
