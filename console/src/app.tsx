/** Which page stands at which address; each is loaded when somebody goes there. */

import { useQueryClient } from "@tanstack/react-query";
import { type ComponentType, lazy, Suspense, useEffect } from "react";
import { whenSignedOut } from "./api/client";
import { FunctionList } from "./functions/list";
import { Overview } from "./overview/page";
import { Link, usePath } from "./router";
import { useSession } from "./session/queries";
import { SignIn } from "./session/sign-in";
import { Frame } from "./shell/frame";
import { Empty, Failed, Loading } from "./ui/states";

type Page = ComponentType<{ id: string }>;

const PAGES: Record<string, Page> = {
  "": Overview,
  data: lazy(async () => ({ default: (await import("./samples/page")).SamplesPage })),
  review: lazy(async () => ({ default: (await import("./review/page")).ReviewPage })),
  try: lazy(async () => ({ default: (await import("./asking/page")).TryPage })),
  versions: lazy(async () => ({ default: (await import("./versions/page")).VersionsPage })),
  operate: lazy(async () => ({ default: (await import("./operate/page")).OperatePage })),
  settings: lazy(async () => ({ default: (await import("./settings/page")).SettingsPage })),
};
const Start = lazy(async () => ({ default: (await import("./start/page")).StartPage }));
const Keys = lazy(async () => ({ default: (await import("./keys/page")).KeysPage }));

export function App() {
  const queries = useQueryClient();
  const session = useSession();
  useEffect(() => {
    whenSignedOut(() => queries.setQueryData(["session"], null));
  }, [queries]);
  if (session.error) {
    return (
      <main className="door">
        <Failed error={session.error} again={() => void session.refetch()} />
      </main>
    );
  }
  if (session.data === undefined) return null;
  if (session.data === null) return <SignIn />;
  return (
    <Frame>
      <Suspense
        fallback={
          <div className="page">
            <Loading />
          </div>
        }
      >
        <Here />
      </Suspense>
    </Frame>
  );
}

function Here() {
  const [first, second, third, ...more] = usePath();
  if (first === undefined) return <FunctionList />;
  if (first === "new" && second === undefined) return <Start />;
  if (first === "keys" && second === undefined) return <Keys />;
  const Found = PAGES[third ?? ""];
  if (first === "functions" && second && Found && more.length === 0) {
    return <Found key={second} id={second} />;
  }
  return (
    <Empty
      title="Nothing is here"
      actions={
        <Link className="button" href="/">
          All functions
        </Link>
      }
    >
      The address leads nowhere; maybe a part of it is missing.
    </Empty>
  );
}
