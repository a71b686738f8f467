/** The text that is being saved, kept in this tab: a page that is loaded again before the answer finds out whether it was saved. */

import type { Config } from "../api/contract.ts";
import { revision as readRevision } from "../api/endpoints.ts";
import { oneKindOfLine } from "../editor/desk.ts";

const KEPT_AT = "callplan.sent";

interface Sent {
  text: string;
  /** The revision that it changes; null where there was no config. */
  base: number | null;
}

export function keepSent(sent: Sent): void {
  try {
    sessionStorage.setItem(KEPT_AT, JSON.stringify(sent));
  } catch {
    // Without room for it, a page that is loaded again shows a conflict that can be merged.
  }
}

export function dropSent(): void {
  sessionStorage.removeItem(KEPT_AT);
}

/** Whether a save that was not answered was made: what it changed, and the revision that it has become. */
export async function foundSent(config: Config | null): Promise<{ base: number | null; revision: number } | null> {
  const kept = sessionStorage.getItem(KEPT_AT);
  if (kept === null) return null;
  dropSent();
  const { text, base } = JSON.parse(kept) as Sent;
  if (config === null || config.revision === base) return null;
  const next = await readRevision(base === null ? config.revision : base + 1);
  return oneKindOfLine(next.workflow_definition) === text ? { base, revision: next.revision } : null;
}
