/** Something that a view reads when it opens, and may read again. */

import { useEffect, useMemo } from "preact/hooks";
import { Latest } from "../state/latest.ts";

export interface Asked<T> {
  answer: T | null;
  failure: unknown;
  isAsking: boolean;
  again: () => void;
}

/** `keys` say when it is another question. */
export function useAsked<T>(run: () => Promise<T>, keys: readonly unknown[]): Asked<T> {
  const latest = useMemo(() => new Latest<T>(), []);
  const again = () => void latest.ask(run);
  useEffect(() => {
    latest.forget();
    again();
  }, keys);
  const { answer, failure, isAsking } = latest;
  return { answer: answer.value, failure: failure.value, isAsking: isAsking.value, again };
}
