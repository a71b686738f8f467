/** A list that is read a page after the other. */

import { useState } from "preact/hooks";
import type { Page } from "../api/contract.ts";
import { inWords } from "../api/failure.ts";
import { say } from "../state/said.ts";
import { useAsked } from "./asked.ts";

interface Paged<T> {
  /** Of all pages that were read; null until the first is there. */
  items: T[] | null;
  failure: unknown;
  /** Reads the first page again, and forgets the others. */
  again: () => void;
  /** Reads one page more, where there is one. */
  more: (() => Promise<void>) | null;
}

/** `keys` say when it is another list; `renewals`, when there may be more at its beginning. */
export function usePaged<T>(read: (cursor?: string) => Promise<Page<T>>, keys: readonly unknown[], renewals: readonly unknown[] = []): Paged<T> {
  const { answer: first, failure, again } = useAsked(() => read(), keys, renewals);
  // Further pages begin where this first page ends. Upon another one they would leave a gap.
  const [further, setFurther] = useState<(Page<T> & { upon: Page<T> }) | null>(null);
  if (first === null) return { items: null, failure, again, more: null };
  const { items, next_cursor: next } = further?.upon === first ? further : { items: [], next_cursor: first.next_cursor };

  async function more(cursor: string, upon: Page<T>): Promise<void> {
    try {
      const page = await read(cursor);
      setFurther({ upon, items: [...items, ...page.items], next_cursor: page.next_cursor });
    } catch (error) {
      say(inWords(error));
    }
  }

  return { items: [...first.items, ...items], failure, again, more: next === null ? null : () => more(next, first) };
}
