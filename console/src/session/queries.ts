import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, read } from "@/api/client";
import type { Session } from "@/api/types";

/** Whether somebody signed in with this browser; without, nobody needs to be asked. */
const MARK = "hotfit.signed-in";

function mark(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(MARK, "yes");
    else localStorage.removeItem(MARK);
  } catch {
    // a browser that keeps nothing asks for the key again
  }
}

function isMarked(): boolean {
  try {
    return localStorage.getItem(MARK) !== null;
  } catch {
    return true;
  }
}

/** Forget what the one before was shown. */
function changeTo(queries: QueryClient, session: Session | null): void {
  mark(session !== null);
  queries.removeQueries({ predicate: (one) => one.queryKey[0] !== "session" });
  queries.setQueryData(["session"], session);
}

/** The key in the address that the server printed at its first start: `/#key=...`. */
let brought: string | null = null;

/** Why the key in the address did not open the door. */
let refusal: unknown = null;

export const refusedKey = (): unknown => refusal;

/** Take the key out of the address, so that neither history nor a bookmark keeps it. */
export function takeKey(): void {
  const found = /^#key=(.+)$/.exec(location.hash)?.[1];
  if (!found) return;
  history.replaceState(null, "", location.pathname + location.search);
  try {
    brought = decodeURIComponent(found);
  } catch {
    brought = found;
  }
}

async function signIn(key: string): Promise<Session> {
  const session = await read<Session>("/connect/session", { json: { key } });
  mark(true);
  return session;
}

/** Who is signed in; null where nobody is. */
export function useSession() {
  return useQuery({
    queryKey: ["session"],
    queryFn: async ({ signal }) => {
      if (brought !== null) {
        const key = brought;
        brought = null;
        try {
          return await signIn(key);
        } catch (error) {
          refusal = error;
          return null;
        }
      }
      if (!isMarked()) return null;
      try {
        return await read<Session>("/connect/session", { signal });
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useSignIn() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: signIn,
    onSuccess: (session) => changeTo(queries, session),
  });
}

export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => read("/connect/session", { method: "DELETE" }),
    onSettled: () => changeTo(queries, null),
  });
}

/** Whether who is signed in may change things. */
export function useMayWrite(): boolean {
  const role = useSession().data?.role;
  return role === "admin" || role === "editor";
}
