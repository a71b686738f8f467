/** What happens once somebody is signed in, and from then on: everything is read, and the draft is followed. */

import { batch, effect } from "@preact/signals";
import type { Uuid, Whoami } from "../api/contract.ts";
import { whoami } from "../api/endpoints.ts";
import { inWords, isRefused, Unreachable } from "../api/failure.ts";
import { checking, accepted, followDraft } from "./check.ts";
import { followChanges, meanings, replays } from "./changes.ts";
import { isConnected } from "../api/connection.ts";
import { deleteAllDrafts, followDrafts, forgetDrafts, lookForDrafts } from "./drafts.ts";
import { forgetNames, loadNames } from "./names.ts";
import { forgetNumbers } from "./numbers.ts";
import { forget, keepNow, load, refresh, saved, text } from "./plan.ts";
import { keepSession, may, offering, type Session, session, signInNotice, signOut, who } from "../api/session.ts";
import { go } from "./route.ts";
import { isSaving } from "./save.ts";
import { followStanding, forgetStanding } from "./standing.ts";
import { followTrial, forgetTrial, loadNumbers, trying } from "./trial.ts";
import { followWeek, weeks } from "./week.ts";

/** How often it is looked whether somebody else has saved. */
const LOOK_MS = 20_000;

/** Signs in, if the service takes the key. */
export async function signIn(value: Session): Promise<void> {
  const found = await offering(value, whoami);
  keepSession(value);
  who.value = found;
  await readAll();
}

/** Takes the tab's session up again, after a reload. */
export async function resume(): Promise<void> {
  if (session.peek() === null) return;
  try {
    who.value = await whoami();
    await readAll();
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
  await Promise.allSettled([loadNames(), loadNumbers()]);
}

/** Signs out. Drafts stay on this machine unless one says otherwise. */
export function leave(drafts: "keep" | "delete"): void {
  if (drafts === "delete") deleteAllDrafts();
  else keepNow();
  signOut();
  forgetOrganization();
}

function forgetOrganization(): void {
  forgetDrafts();
  for (const asked of [checking, trying, weeks, meanings, replays]) asked.forget();
  accepted.value = null;
  forgetNumbers();
  forget();
  forgetStanding();
  forgetNames();
  forgetTrial();
}

/** Goes on with the same token in another organization of the person's. What is written in this one is kept. */
export async function switchOrganization(organization: Uuid): Promise<void> {
  const [now, before] = [session.peek(), who.peek()];
  if (now === null || before === null) return;
  const next = { token: now.token, organization };
  const found = await offering(next, whoami);
  try {
    await enter(next, found);
  } catch (error) {
    if (session.peek() !== null) await enter(now, before);
    throw error;
  }
}

async function enter(value: Session, found: Whoami): Promise<void> {
  keepNow();
  batch(() => {
    forgetOrganization();
    keepSession(value);
    who.value = found;
  });
  // What is open may be of the organization before.
  go();
  await readAll();
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
