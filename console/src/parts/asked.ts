/** Something that a view reads when it opens, and may read again. */

import { useEffect, useMemo } from "preact/hooks";
import { Latest } from "../state/latest.ts";

export interface Asked<T> {
  answer: T | null;
  failure: unknown;
  isAsking: boolean;
  again: () => void;
}

/**
 * `keys` say when it is another question: what was answered is forgotten. `renewals` say when the same question may have
 * another answer: what is shown stays until that is there, and so does what somebody writes in it.
 */
export function useAsked<T>(run: () => Promise<T>, keys: readonly unknown[], renewals: readonly unknown[] = []): Asked<T> {
  const latest = useMemo(() => new Latest<T>(), []);
  const again = () => void latest.ask(run);
  useEffect(() => latest.forget(), keys);
  useEffect(again, [...keys, ...renewals]);
  const { answer, failure, isAsking } = latest;
  return { answer: answer.value, failure: failure.value, isAsking: isAsking.value, again };
}
