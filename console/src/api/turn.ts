/**
 * Questions that take a core of the server, one after the other. The server refuses more of them at once than it has cores
 * (429), so a page that asks several things about each key must not ask them all at the same time.
 */

interface Waiting {
  isUrgent: boolean;
  begin: () => void;
}

const waiting: Waiting[] = [];
let isBusy = false;

/** Asks when it is its turn. What is urgent, because somebody waits for it while writing, goes first. */
export async function inTurn<T>(isUrgent: boolean, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (isBusy) await new Promise<void>((begin) => waiting.push({ isUrgent, begin }));
  isBusy = true;
  try {
    signal?.throwIfAborted();
    return await work();
  } finally {
    next();
  }
}

/** Hands the turn on: it is never free in between, or somebody who comes just then would be second to nobody. */
function next(): void {
  const urgent = waiting.findIndex((it) => it.isUrgent);
  const [chosen] = waiting.splice(Math.max(urgent, 0), 1);
  if (chosen === undefined) isBusy = false;
  else chosen.begin();
}
