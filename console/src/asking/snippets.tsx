/** The call as code, filled in with this server, this function and what was typed. */

import { useState } from "react";
import type { Data } from "@/api/types";
import { say } from "@/ui/toasts";
import { codeOf, LANGUAGES, type Language } from "./code";

export function Snippets({
  id,
  name,
  input,
  data,
}: {
  id: string;
  name: string;
  input: string;
  data: Data;
}) {
  const [language, setLanguage] = useState<Language>("curl");
  const code = codeOf(language, { id, name, input, data, server: location.origin });
  const copy = () =>
    navigator.clipboard.writeText(code).then(
      () => say("Copied"),
      () => say("The browser does not let pages copy here; select the text instead."),
    );
  return (
    <section className="card">
      <header className="row">
        <h2>Call it from your code</h2>
        <div className="row">
          <div className="segments">
            {LANGUAGES.map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={one === language}
                onClick={() => setLanguage(one)}
              >
                {one}
              </button>
            ))}
          </div>
          <button type="button" className="button small" onClick={copy}>
            Copy
          </button>
        </div>
      </header>
      <pre className="code" tabIndex={0} role="group" aria-label={`The call in ${language}`}>
        {code}
      </pre>
      <p className="small muted">
        The key stands in the variable <code>HOTFIT_KEY</code>; one that may only call is made under
        Keys.
      </p>
    </section>
  );
}
