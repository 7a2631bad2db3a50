import { type FormEvent, useState } from "react";
import { Failed } from "@/ui/states";
import { refusedKey, useSignIn } from "./queries";

export function SignIn() {
  const [key, setKey] = useState("");
  const signIn = useSignIn();
  const error = signIn.error ?? (signIn.isIdle ? refusedKey() : null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim()) signIn.mutate(key.trim());
  };
  return (
    <main className="door">
      <form className="card stack" onSubmit={submit}>
        <img src="/icon.svg" alt="" width={40} height={40} />
        <div>
          <h1>Sign in to hotfit</h1>
          <p className="muted small">
            With a key of this server. <code>hotfit serve</code> printed the first one;{" "}
            <code>hotfit keys create</code> makes another.
          </p>
        </div>
        <input
          className="hidden"
          type="text"
          autoComplete="username"
          value="hotfit"
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <label className="field">
          <span>Key</span>
          <input
            className="input"
            type="password"
            name="key"
            autoComplete="current-password"
            placeholder="hf_…"
            value={key}
            onChange={(event) => setKey(event.target.value)}
            autoFocus
          />
        </label>
        {error ? <Failed error={error} /> : null}
        <button className="button primary" type="submit" disabled={!key.trim() || signIn.isPending}>
          {signIn.isPending ? "Signing in …" : "Sign in"}
        </button>
      </form>
    </main>
  );
}
