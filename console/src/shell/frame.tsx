/** The frame around every page: where one is, where one can go. */

import { type ReactNode, useEffect, useRef, useState } from "react";
import { useEvents } from "@/api/events";
import { useFunction, useProgress } from "@/functions/queries";
import { functionPath, go, Link, usePath } from "@/router";
import { useSession, useSignOut } from "@/session/queries";
import { Icon, type IconName } from "@/ui/icons";
import { useKeys } from "@/ui/keyboard";
import { Toasts, undoLast } from "@/ui/toasts";
import { Help } from "./help";
import { isDark, setTheme } from "./theme";

const PAGES: readonly [string, string, IconName][] = [
  ["", "Overview", "overview"],
  ["data", "Data", "data"],
  ["review", "Review", "review"],
  ["try", "Try", "ask"],
  ["versions", "Versions", "versions"],
  ["operate", "Operate", "operate"],
  ["settings", "Settings", "settings"],
];

const JUMPS: Record<string, string> = { o: "", d: "data", r: "review", t: "try", v: "versions" };

export function Frame({ children }: { children: ReactNode }) {
  const [first, id] = usePath();
  const inside = first === "functions" && id ? id : null;
  const [helping, setHelping] = useState(false);
  const jumping = useRef(0);
  useKeys({
    "?": () => setHelping(true),
    z: () => void undoLast(),
    g: () => {
      jumping.current = Date.now();
    },
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const to = JUMPS[event.key];
      if (!inside || to === undefined || Date.now() - jumping.current > 1000) return;
      jumping.current = 0;
      event.preventDefault();
      event.stopPropagation();
      go(functionPath(inside, to));
    };
    window.addEventListener("keydown", press, true);
    return () => window.removeEventListener("keydown", press, true);
  }, [inside]);
  return (
    <div className="frame">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="rail">
        <Link className="brand" href="/" aria-label="hotfit: all functions">
          <img src="/icon.svg" alt="" />
          <span>hotfit</span>
        </Link>
        {inside ? <Inside id={inside} /> : <Outside />}
        <Foot onHelp={() => setHelping(true)} />
      </header>
      <main id="content" tabIndex={-1} className="content">
        {children}
      </main>
      <Toasts />
      {helping && <Help onClose={() => setHelping(false)} />}
    </div>
  );
}

function Inside({ id }: { id: string }) {
  useEvents(id);
  const { data } = useFunction(id);
  const progress = useProgress(id).data;
  const page = usePath()[2] ?? "";
  const name = data?.name ?? id;
  useEffect(() => {
    document.title = `${name} · hotfit`;
  }, [name]);
  return (
    <>
      <div className="which">
        <div className="name clip" dir="auto" title={name}>
          {name}
        </div>
        <small className="learning" data-busy={progress?.isTraining || undefined}>
          {progress?.isTraining ? (progress.step ?? "learning") : "up to date"}
        </small>
      </div>
      <nav aria-label="Pages of this function">
        {PAGES.map(([to, title, icon]) => (
          <Link
            key={to}
            href={functionPath(id, to)}
            aria-current={page === to ? "page" : undefined}
          >
            <Icon name={icon} />
            {title}
          </Link>
        ))}
      </nav>
    </>
  );
}

function Outside() {
  const [first] = usePath();
  const admin = useSession().data?.role === "admin";
  useEffect(() => {
    document.title = "hotfit";
  }, []);
  return (
    <nav aria-label="Pages">
      <Link href="/" aria-current={first === undefined ? "page" : undefined}>
        <Icon name="list" />
        Functions
      </Link>
      <Link href="/new" aria-current={first === "new" ? "page" : undefined}>
        <Icon name="plus" />
        New function
      </Link>
      {admin && (
        <Link href="/keys" aria-current={first === "keys" ? "page" : undefined}>
          <Icon name="keys" />
          Keys
        </Link>
      )}
    </nav>
  );
}

function Foot({ onHelp }: { onHelp: () => void }) {
  const signOut = useSignOut();
  const [dark, setDark] = useState(isDark);
  return (
    <div className="foot">
      <button type="button" onClick={onHelp} aria-label="Shortcuts">
        <Icon name="help" />
        <span>Shortcuts</span>
      </button>
      <button
        type="button"
        aria-label={dark ? "Light colours" : "Dark colours"}
        onClick={() => {
          setTheme(dark ? "light" : "dark");
          setDark(!dark);
        }}
      >
        <Icon name={dark ? "light" : "dark"} />
        <span>{dark ? "Light" : "Dark"}</span>
      </button>
      <button type="button" onClick={() => signOut.mutate()} aria-label="Sign out">
        <Icon name="out" />
        <span>Sign out</span>
      </button>
    </div>
  );
}
