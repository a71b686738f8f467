/** What happens once somebody is signed in, and from then on: everything is read, and the draft is followed. */

import { effect } from "@preact/signals";
import { whoami } from "../api/endpoints.ts";
import { inWords, isRefused, Unreachable } from "../api/failure.ts";
import { checking, accepted, followDraft } from "./check.ts";
import { followChanges, meanings, replays } from "./changes.ts";
import { isConnected } from "../api/connection.ts";
import { deleteAllDrafts, followDrafts, forgetDrafts, lookForDrafts } from "./drafts.ts";
import { loadNames } from "./names.ts";
import { forget, keepNow, load, refresh, saved, text } from "./plan.ts";
import { keepSession, offering, type Session, session, signInNotice, signOut, who } from "../api/session.ts";
import { isSaving } from "./save.ts";
import { followStanding, forgetStanding } from "./standing.ts";
import { followTrial, loadNumbers, trying } from "./trial.ts";
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
  await load();
  void lookForDrafts();
  // Names and numbers make the page friendlier; it works without them.
  await Promise.allSettled([loadNames(), loadNumbers()]);
}

/** Signs out. Drafts stay on this machine unless one says otherwise. */
export function leave(drafts: "keep" | "delete"): void {
  if (drafts === "delete") deleteAllDrafts();
  else keepNow();
  forgetDrafts();
  signOut();
  for (const asked of [checking, trying, weeks, meanings, replays]) asked.forget();
  accepted.value = null;
  forgetStanding();
  forget();
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
