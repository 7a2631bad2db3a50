import { useState } from "react";
import { told } from "@/api/client";
import type { KeyShown } from "@/api/types";
import { useFunctions } from "@/functions/queries";
import { useSession } from "@/session/queries";
import { Confirm } from "@/ui/dialog";
import { Empty, Shown } from "@/ui/states";
import { say } from "@/ui/toasts";
import { ago } from "@/ui/words";
import { MakeKey } from "./making";
import { useKeyList, useRevoke } from "./queries";

export function KeysPage() {
  const keys = useKeyList();
  const [making, setMaking] = useState(false);
  return (
    <div className="page">
      <div className="head">
        <div>
          <h1>Keys</h1>
          <p className="lead">
            Who may do what. Give code that only calls a key that may only call.
          </p>
        </div>
        <button type="button" className="button primary" onClick={() => setMaking(true)}>
          New key
        </button>
      </div>
      <Shown query={keys} lines={6}>
        {(found) =>
          found.length === 0 ? (
            <Empty title="No keys" />
          ) : (
            <div className="card scroll">
              <table className="table">
                <thead>
                  <tr>
                    <th>Key</th>
                    <th>May</th>
                    <th>Reaches</th>
                    <th>Last used</th>
                    <th>
                      <span className="hidden">Revoke</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {found.map((one) => (
                    <KeyLine key={one.id} shown={one} />
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Shown>
      {making && <MakeKey onClose={() => setMaking(false)} />}
    </div>
  );
}

function KeyLine({ shown }: { shown: KeyShown }) {
  const [asking, setAsking] = useState(false);
  const revoke = useRevoke();
  const mine = useSession().data?.id === shown.id;
  const names = new Map((useFunctions().data ?? []).map((one) => [one.id, one.name]));
  return (
    <tr className={shown.revoked ? "muted" : ""}>
      <td>
        <code className="nowrap">{shown.id}</code> {mine && <span className="badge">this one</span>}
      </td>
      <td>{shown.role}</td>
      <td className="wrap" dir="auto">
        {shown.functions
          ? shown.functions.map((one) => names.get(one) ?? one).join(", ")
          : "all functions"}
      </td>
      <td className="num">{shown.used ? ago(shown.used) : "never"}</td>
      <td className="end">
        {shown.revoked ? (
          "revoked"
        ) : (
          <button type="button" className="button small danger" onClick={() => setAsking(true)}>
            Revoke
          </button>
        )}
        {asking && (
          <Confirm
            title="Revoke this key?"
            verb="Revoke"
            busy={revoke.isPending}
            onClose={() => setAsking(false)}
            onDo={() =>
              revoke.mutate(shown.id, {
                onError: (error) => say(told(error)),
                onSettled: () => setAsking(false),
              })
            }
          >
            <p>
              It opens nothing any more, at once and for good.
              {mine && " It is the key you are signed in with: you will be signed out."}
            </p>
          </Confirm>
        )}
      </td>
    </tr>
  );
}
