/** The way in: a key, which stays in this tab. */

import { useState } from "preact/hooks";
import { inWords } from "../api/failure.ts";
import { Field } from "../parts/field.tsx";
import { signIn } from "../state/begin.ts";
import { signInNotice } from "../api/session.ts";
import { Banners } from "./banners.tsx";

export function SignIn() {
  const [token, setToken] = useState("");
  const [organization, setOrganization] = useState("");
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isPersonal = token.trim().startsWith("pat_");

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      await signIn({ token: token.trim(), organization: isPersonal ? organization.trim() : null });
    } catch (error) {
      setFailure(inWords(error));
      setBusy(false);
    }
  }

  return (
    <main class="alone">
      <Banners />
      <form class="sign-in" onSubmit={submit}>
        <h1 class="wordmark">callplan</h1>
        <p class="lead">Which voice agent answers this call? Write it down, try it, and know before the phone rings.</p>
        {signInNotice.value !== null && <p role="status">{signInNotice.value}</p>}
        <Field label="Key" hint="It begins with ak_ or pat_, and is kept in this tab only.">
          {(ids) => (
            <input {...ids} type="password" autocomplete="off" spellcheck={false} required autofocus value={token} onInput={(event) => setToken(event.currentTarget.value)} />
          )}
        </Field>
        {isPersonal && (
          <Field label="Organization" hint="The id of the organization to work in.">
            {(ids) => <input {...ids} spellcheck={false} required value={organization} onInput={(event) => setOrganization(event.currentTarget.value)} />}
          </Field>
        )}
        {failure !== null && (
          <p class="error" role="alert">
            {failure}
          </p>
        )}
        <button type="submit" class="primary" disabled={isBusy || token.trim() === ""}>
          {isBusy ? "Signing in…" : "Sign in"}
        </button>
      </form>
    </main>
  );
}
