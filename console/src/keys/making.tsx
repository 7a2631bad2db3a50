import { type FormEvent, useState } from "react";
import { useFunctions } from "@/functions/queries";
import { Dialog } from "@/ui/dialog";
import { Picker } from "@/ui/picker";
import { Failed } from "@/ui/states";
import { say } from "@/ui/toasts";
import { useMakeKey } from "./queries";

const ROLES = [
  ["invoke", "Call: answers only"],
  ["viewer", "Look: read everything"],
  ["editor", "Edit: change samples, labels, versions"],
  ["admin", "Everything, keys too"],
] as const;

export function MakeKey({ onClose }: { onClose: () => void }) {
  const [role, setRole] = useState("invoke");
  const [bound, setBound] = useState<string | null>(null);
  const [limit, setLimit] = useState("");
  const functions = useFunctions().data ?? [];
  const make = useMakeKey();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ role, functions: bound ? [bound] : null, limit: limit ? Number(limit) : null });
  };
  if (make.data) return <Made secret={make.data.secret} onClose={onClose} />;
  return (
    <Dialog title="New key" onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <fieldset className="stack tight plain">
          <legend className="hidden">What it may do</legend>
          {ROLES.map(([value, title]) => (
            <label key={value} className="check">
              <input
                type="radio"
                name="role"
                checked={role === value}
                onChange={() => setRole(value)}
              />
              {title}
            </label>
          ))}
        </fieldset>
        <div className="field">
          <span>Reaches</span>
          <Picker
            label="The function it reaches"
            none="All functions"
            options={functions.map((one) => ({ value: one.id, name: one.name }))}
            value={bound}
            onChange={setBound}
          />
        </div>
        <label className="field">
          <span>Calls a minute, if there is to be a limit</span>
          <input
            className="input"
            inputMode="numeric"
            pattern="[1-9][0-9]*"
            value={limit}
            onChange={(event) => setLimit(event.target.value)}
          />
        </label>
        {make.error && <Failed error={make.error} />}
        <footer>
          <button type="submit" className="button primary" disabled={make.isPending}>
            Make the key
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function Made({ secret, onClose }: { secret: string; onClose: () => void }) {
  const copy = () =>
    navigator.clipboard.writeText(secret).then(
      () => say("Copied"),
      () => say("The browser does not let pages copy here; select the text instead."),
    );
  return (
    <Dialog title="The new key" onClose={onClose}>
      <p>It is shown this once. Keep it where you keep secrets.</p>
      <pre className="code wrap">{secret}</pre>
      <footer>
        <button type="button" className="button" onClick={copy}>
          Copy
        </button>
        <button type="button" className="button primary" onClick={onClose}>
          I have it
        </button>
      </footer>
    </Dialog>
  );
}
