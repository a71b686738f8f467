/** Whether a part of a long list is near to what is seen. What is far away keeps its height, and has no elements. */

import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** So far above and below what is seen a part is drawn already. */
const AHEAD_PX = 800;

export interface Nearness {
  isNear: boolean;
  /** The height that it had when it was last drawn; null before. */
  height: number | null;
}

export function useNear(part: RefObject<HTMLElement | null>, isNearAtFirst: boolean): Nearness {
  const [near, setNear] = useState<Nearness>({ isNear: isNearAtFirst, height: null });
  useEffect(() => {
    const element = part.current;
    if (element === null) return;
    const follow = new IntersectionObserver(
      (seen) => {
        const isSeen = seen.at(-1)?.isIntersecting === true;
        // What has the focus stays, or the keyboard would lose its place.
        const isNear = isSeen || element.contains(document.activeElement);
        setNear((before) => (before.isNear === isNear ? before : { isNear, height: before.isNear ? element.offsetHeight : before.height }));
      },
      { root: scrollerOf(element), rootMargin: `${AHEAD_PX}px 0px` },
    );
    follow.observe(element);
    // Paper has no place that is out of sight.
    const drawAll = () => setNear((before) => ({ ...before, isNear: true }));
    addEventListener("beforeprint", drawAll);
    return () => {
      follow.disconnect();
      removeEventListener("beforeprint", drawAll);
    };
  }, []);
  return near;
}

/** What scrolls around an element; null for the page itself. */
function scrollerOf(element: HTMLElement): HTMLElement | null {
  for (let around = element.parentElement; around !== null; around = around.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(around).overflowY)) return around;
  }
  return null;
}
