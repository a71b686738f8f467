/** What happens once somebody is signed in, and from then on: everything is read, and the draft is followed. */

import { effect } from "@preact/signals";
import type { Whoami } from "../api/contract.ts";
import { config, whoami } from "../api/endpoints.ts";
import { inWords, isRefused, Unreachable } from "../api/failure.ts";
import { followDraft } from "./check.ts";
import { followChanges, meanings, replays } from "./changes.ts";
import { isConnected } from "../api/connection.ts";
import { deleteAllDrafts, followDrafts, lookForDrafts } from "./drafts.ts";
import { needNames } from "./names.ts";
import { draftOwner, keepNow, load, refresh, saved, text } from "./plan.ts";
import { allows, keepForReload, keepSession, may, type Session, session, signInNotice, signOut, who } from "../api/session.ts";
import { sayAfterwards, sayWhatWasLeft } from "./said.ts";
import { isSaving } from "./save.ts";
import { followStanding } from "./standing.ts";
import { surround, today } from "./surroundings.ts";
import { followTrial, loadNumbers, trying } from "./trial.ts";
import { followWeek, weeks } from "./week.ts";

/** How often it is looked whether somebody else has saved. */
const LOOK_MS = 20_000;

/** Signs in, if the service takes the key. */
export async function signIn(value: Session): Promise<void> {
  const found = await whoami(value);
  const before = draftOwner();
  if (before !== null && before !== found.organization.id) return beginAnew(value);
  keepSession(value);
  begin(found);
  await readAll();
}

/** What is read from now on is at least as new as what decides calls was then. */
function begin(found: Whoami): void {
  surround({ stamp: found.routing_stamp, today: today() });
  who.value = found;
}

/**
 * Begins as a page that was just opened. Whatever was known, asked, timed, or could be undone, was of one organization and
 * must not reach another: not in sight, and not in a request.
 */
function beginAnew(as: Session | null): void {
  keepNow();
  keepForReload(as);
  location.hash = "";
  location.reload();
}

/** Takes the tab's session up again, after a reload. */
export async function resume(): Promise<void> {
  if (session.peek() === null) return;
  try {
    begin(await whoami());
    await readAll();
    sayWhatWasLeft();
  } catch (error) {
    if (error instanceof Unreachable) return retryWhenConnected();
    signOut();
    if (!isRefused(error, 401)) signInNotice.value = inWords(error);
  }
}

function retryWhenConnected(): void {
  const stop = effect(() => {
    if (!isConnected.value) return;
    queueMicrotask(() => stop());
    void resume();
  });
}

async function readAll(): Promise<void> {
  if (may("inbound_routing_configs:read")) {
    await load();
    void lookForDrafts();
  }
  // Names and numbers make the page friendlier; it works without them.
  await Promise.allSettled([needNames(), loadNumbers()]);
}

/** Signs out. Drafts stay on this machine unless one says otherwise. */
export function leave(drafts: "keep" | "delete"): void {
  if (drafts === "delete") deleteAllDrafts();
  beginAnew(null);
}

/** Goes on with the same token in another organization of the person's. What is written in this one is kept. */
export async function switchOrganization({ id, name }: Whoami["organization"]): Promise<void> {
  const now = session.peek();
  if (now === null) return;
  const next = { token: now.token, organization: id };
  const { scopes } = await whoami(next);
  // Where it cannot be read, one stays where one is.
  if (allows(scopes, "inbound_routing_configs:read")) await config(next);
  if (!keepNow()) throw new Error("This browser cannot keep your draft. Save it or discard it first.");
  sayAfterwards(`This is ${name} now.`);
  beginAnew(next);
}

/** Follows the draft and the service, for as long as the page is open. */
export function follow(): void {
  followDraft();
  followTrial();
  followWeek();
  followChanges();
  followStanding();
  followDrafts();
  // A key makes old of what is being asked about the text before it, and the server's cores are for its check.
  effect(() => {
    void text.value;
    for (const asked of [trying, weeks, meanings, replays]) asked.giveUp();
  });
  const look = () => {
    // While one saves, what is found may be one's own.
    if (who.peek() !== null && saved.peek() !== undefined && !document.hidden && !isSaving.peek()) refresh().catch(() => {});
  };
  setInterval(look, LOOK_MS);
  addEventListener("focus", look);
  addEventListener("pagehide", keepNow);
  addEventListener("beforeunload", (event) => {
    // A draft that this machine cannot keep is only in the page.
    if (!keepNow()) event.preventDefault();
  });
}
