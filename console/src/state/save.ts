/**
 * Saving. A save holds only for the revision that the draft began from: where somebody else has saved in between, their
 * revision is shown, and nothing is written until one has chosen.
 */

import { signal } from "@preact/signals";
import type { Config, ConfigFields, Revision } from "../api/contract.ts";
import { changeConfig, createConfig, format as askForFormat, restore as askForRestore, revision } from "../api/endpoints.ts";
import { whenConnected } from "../api/connection.ts";
import { inWords, isRefused, Unreachable } from "../api/failure.ts";
import { mayWrite } from "../api/session.ts";
import { desk, oneKindOfLine } from "../editor/desk.ts";
import { certain } from "./certain.ts";
import { checking } from "./check.ts";
import { becameRevision, base, goOnUpon, isChanged, isOvertaken, refresh, saved, take, text } from "./plan.ts";
import { say } from "./said.ts";
import { dropSent, keepSent } from "./sent-text.ts";
import { go, panel } from "./route.ts";
import { surroundings } from "./surroundings.ts";

export const isSaving = signal(false);
export const saveFailure = signal<string | null>(null);

/** Their save and what both began from, while one chooses. */
export interface Conflict {
  theirs: Revision;
  /** Null where there was no config. */
  common: Revision | null;
}

export const conflict = signal<Conflict | null>(null);

/** The first press shows what changes; the second, there, saves. */
export function saveOrReview(): void {
  if (!mayWrite.peek()) return;
  if (panel.peek() === "changes") void save();
  else go("plan", "changes");
}

export async function save(): Promise<void> {
  if (isSaving.peek() || !isChanged.peek()) return;
  isSaving.value = true;
  saveFailure.value = null;
  try {
    // Usually another's save is seen here already; in the moment that is left, `If-Match` sees it.
    await refresh();
    if (isOvertaken.peek()) await showConflict();
    else await send(text.peek());
  } catch (error) {
    await refused(error);
  }
  isSaving.value = false;
}

async function send(workflow_definition: string): Promise<void> {
  const began = base.peek();
  const change = () => (began === null ? createConfig({ workflow_definition }) : changeConfig({ workflow_definition }, began));
  keepSent({ text: workflow_definition, base: began });
  const { revision, config } = await certain(change, began, (it) => oneKindOfLine(it.workflow_definition) === workflow_definition).finally(dropSent);
  becameRevision(workflow_definition, revision, config);
  say(`Saved as revision ${revision}. ${config.revision === revision ? "The next call is decided by it." : `Someone saved revision ${config.revision} after that.`}`);
}

async function refused(error: unknown): Promise<void> {
  const isInBetween = isRefused(error, 412) || isRefused(error, 409) || isRefused(error, 404);
  if (isInBetween) {
    await refresh();
    if (isOvertaken.peek()) return showConflict();
  }
  if (isRefused(error, 422) && error.diagnostics !== null) {
    checking.answer.value = { text: text.peek(), around: surroundings.peek(), diagnostics: [...error.diagnostics], more: error.more };
    saveFailure.value = `Not saved. ${error.message}`;
    return go("plan", "problems");
  }
  const sentence = `Not saved. ${inWords(error)}`;
  saveFailure.value = sentence;
  if (!(error instanceof Unreachable)) return;
  await whenConnected();
  if (saveFailure.peek() === sentence) saveFailure.value = null;
}

/** Reads what there is to choose between. */
export async function showConflict(): Promise<void> {
  const number = saved.peek()?.revision;
  if (number === undefined) return goOnWithoutPlan();
  const common = base.peek();
  try {
    conflict.value = { theirs: await revision(number), common: common === null ? null : await revision(common) };
  } catch (error) {
    saveFailure.value = inWords(error);
  }
}

/** Somebody has deleted the plan: there is nothing to choose between, and the draft would be the first plan. */
function goOnWithoutPlan(): void {
  goOnUpon(null, text.peek());
  go("plan", "changes");
  say("Someone deleted the plan while you were editing. If you save, your draft is the plan.");
}

/** Changes what the config says beside its text. The draft goes on, upon the new revision. */
export async function saveSettings(fields: Partial<Omit<ConfigFields, "workflow_definition">>): Promise<Config> {
  const config = saved.peek();
  if (!config) throw new Error("there is no config to change");
  try {
    const { config: found } = await certain(() => changeConfig(fields, config.revision), config.revision, (it) => hasFields(it, fields));
    take(found);
    return found;
  } catch (error) {
    if (isRefused(error, 412)) await refresh();
    throw error;
  }
}

const hasFields = (revision: Revision, fields: Partial<ConfigFields>) =>
  (Object.keys(fields) as (keyof ConfigFields)[]).every((name) => revision[name] === fields[name]);

/** What of a revision is restored beside its text. */
export interface Parts {
  enabled: boolean;
  fallback_agent: boolean;
}

/** Makes an old revision's text, and these parts of it, the newest revision. */
export async function restore(number: number, parts: Parts): Promise<void> {
  const config = saved.peek();
  if (!config) return;
  try {
    const change = () => askForRestore(number, { workflow_definition: true, ...parts }, config.revision);
    take((await certain(change, config.revision, (it) => it.restored_from === number)).config);
  } catch (error) {
    if (isRefused(error, 412)) await refresh();
    throw error;
  }
}

/** Formats the draft. What cannot be read stays as it is; its problems say why. */
export async function format(): Promise<void> {
  if (!mayWrite.peek()) return;
  const before = text.peek();
  try {
    const { workflow_definition } = await askForFormat(before);
    if (text.peek() === before) desk.replace(workflow_definition);
  } catch (error) {
    say(isRefused(error, 422) ? "A plan with syntax errors cannot be formatted. Correct them first." : inWords(error));
  }
}
