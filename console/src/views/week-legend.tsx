/** Which color, pattern and letter stands for which outcome. */

import type { Calendar, Kind } from "../state/week-pieces.ts";
import { ending } from "./outcome.tsx";

/** There are so many looks; an outcome more has the look of an earlier one, and a letter of its own. */
export const LOOKS = 8;

export const lookOf = (kind: number) => `look look-${kind % LOOKS}`;
export const letterOf = (kind: number) => String.fromCharCode(65 + (kind % 26));

/** An outcome in words; several where splits decide. */
export function kindInWords(kind: Kind | undefined): string {
  if (kind === undefined) return "";
  if (kind.endings.length === 1 && kind.endings[0] !== undefined) return ending(kind.endings[0]);
  return kind.endings.map((it) => `${it.percent}% ${ending(it)}`).join(", ");
}

export function Legend({ calendar }: { calendar: Calendar }) {
  return (
    <ul class="legend" aria-label="Who answers">
      {[...calendar.kinds].map(([index, kind]) => (
        <li key={kind.key}>
          <span class={`swatch ${lookOf(index)}`} aria-hidden="true">
            {letterOf(index)}
          </span>
          {kindInWords(kind)}
        </li>
      ))}
    </ul>
  );
}
