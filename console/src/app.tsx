/** The frame: who is signed in, which page is open, and what concerns all of them. */

import { useEffect, useRef } from "preact/hooks";
import { focusPanel } from "./state/focus.ts";
import { page, panel, route } from "./state/route.ts";
import { may, organizationId, session, who } from "./api/session.ts";
import { scopeOf, titleOf } from "./state/pages.ts";
import { AccountDialog } from "./views/account.tsx";
import { Banners } from "./views/banners.tsx";
import { Help, openHelp } from "./views/help.tsx";
import { SignIn } from "./views/sign-in.tsx";
import { SignOutDialog } from "./views/sign-out.tsx";
import { TopBar } from "./views/top-bar.tsx";
import { Agents } from "./views/agents.tsx";
import { AgentPage } from "./views/agent.tsx";
import { CallPage } from "./views/call.tsx";
import { Calls } from "./views/calls.tsx";
import { Drafts } from "./views/drafts.tsx";
import { History } from "./views/history.tsx";
import { NotAllowed } from "./views/not-allowed.tsx";
import { Numbers } from "./views/numbers.tsx";
import { Plan } from "./views/plan.tsx";
import { PrintedHead } from "./views/printed.tsx";
import { RevisionPage } from "./views/revision.tsx";
import { Switches } from "./views/switches.tsx";
import { Waiting } from "./parts/notice.tsx";
import { Said } from "./views/said.tsx";
import { ConflictDialog } from "./views/conflict.tsx";

export function App() {
  useEffect(() => {
    addEventListener("keydown", openHelp);
    return () => removeEventListener("keydown", openHelp);
  }, []);
  if (session.value === null) return <SignIn />;
  if (who.value === null) {
    return (
      <main class="alone">
        <Banners />
        <Waiting what="Signing in…" />
      </main>
    );
  }
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the page
      </a>
      {panel.value !== null && (
        <a class="skip" href="#panel" onClick={skipToPanel}>
          Skip to the panel
        </a>
      )}
      <TopBar />
      <Banners />
      <Main key={organizationId.value} />
      <Said />
      <Help />
      <ConflictDialog />
      <SignOutDialog />
      <AccountDialog />
    </>
  );
}

/** The address after `#` is the page's, so the link to its content is followed by hand. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function skipToPanel(event: Event): void {
  event.preventDefault();
  focusPanel();
}

/** The open page. A new one gets the focus, as one that the browser loads does. */
function Main() {
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${titleOf(page.value)} · callplan`;
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
  }, [page.value]);
  return (
    <main id="main" ref={main} tabIndex={-1} class={panel.value !== null ? "desk" : "sheet"} data-panel={panel.value ?? undefined}>
      <PrintedHead />
      <Page />
    </main>
  );
}

function Page() {
  const [name, id] = [page.value, route.value[1]];
  if (!may(scopeOf(name))) return <NotAllowed name={name} />;
  switch (name) {
    case "drafts":
      return <Drafts />;
    case "calls":
      return id === undefined ? <Calls /> : <CallPage id={id} />;
    case "history":
      return id === undefined ? <History /> : <RevisionPage number={Number(id)} />;
    case "switches":
      return <Switches />;
    case "agents":
      return id === undefined ? <Agents /> : <AgentPage id={id} />;
    case "numbers":
      return <Numbers />;
    default:
      return <Plan />;
  }
}
