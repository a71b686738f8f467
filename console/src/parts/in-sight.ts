/** Rows of links or tabs that are wider than a phone: the chosen one is always in sight. */

import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** Brings what the selector finds in a row into sight whenever another is chosen. */
export function useInSight(row: RefObject<HTMLElement | null>, selector: string, chosen: unknown): void {
  useEffect(() => {
    const [within, item] = [row.current, row.current?.querySelector<HTMLElement>(selector)];
    if (!within || !item) return;
    // The row alone is moved: the page stays where one reads.
    const [frame, box] = [within.getBoundingClientRect(), item.getBoundingClientRect()];
    if (box.left < frame.left) within.scrollLeft -= frame.left - box.left;
    else if (box.right > frame.right) within.scrollLeft += box.right - frame.right;
  }, [chosen]);
}
