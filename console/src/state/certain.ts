/**
 * A change of the config whose answer may get lost. A change is only made to the revision that it began from. If it was
 * made, it is the next revision: that is looked up once the server can be reached again.
 */

import { signal } from "@preact/signals";
import type { Config, Revision } from "../api/contract.ts";
import { whenConnected } from "../api/connection.ts";
import { config, revision as readRevision } from "../api/endpoints.ts";
import { isRefused, NotMade, Unreachable } from "../api/failure.ts";

/** An answer was lost, and it is not known yet whether the change was made. */
export const isInDoubt = signal(false);

export interface Made {
  /** The revision that the change has become. */
  revision: number;
  /** The config now: somebody may have changed it again since. */
  config: Config;
}

/** Makes a change, and finds out whether it was made. `before` is the revision that it changes, `isIt` knows it again. */
export async function certain(change: () => Promise<Config>, before: number | null, isIt: (revision: Revision) => boolean): Promise<Made> {
  try {
    const found = await change();
    return { revision: found.revision, config: found };
  } catch (error) {
    if (!isAnswerLost(error)) throw error;
  }
  isInDoubt.value = true;
  try {
    return await lookUp(before, isIt);
  } finally {
    isInDoubt.value = false;
  }
}

/** A proxy says 502 or 504 where it is the one that got no answer. */
const isAnswerLost = (error: unknown) => error instanceof Unreachable || isRefused(error, 502) || isRefused(error, 504);

async function lookUp(before: number | null, isIt: (revision: Revision) => boolean): Promise<Made> {
  for (;;) {
    await whenConnected();
    try {
      return await lookOnce(before, isIt);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
  }
}

async function lookOnce(before: number | null, isIt: (revision: Revision) => boolean): Promise<Made> {
  const found = await config();
  if (found === null || found.revision === before) throw new NotMade();
  const next = await readRevision(before === null ? found.revision : before + 1);
  if (!isIt(next)) throw new NotMade();
  return { revision: next.revision, config: found };
}
