/** A list of any length: beyond a length, only what is near to what is seen has elements. */

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { useNear } from "./near.ts";

/** A list up to this length is all there. */
export const MOST_DRAWN = 200;
/** So many items come and go together. */
const PART = 50;
/** What an item is taken for that was never drawn, in px. */
const GUESSED_PX = 60;

interface Props<T> {
  items: readonly T[];
  draw: (item: T, index: number) => ComponentChildren;
  /** The class of the list, and of each item. */
  name?: string;
  nameOf?: (item: T) => string | undefined;
  label?: string;
}

export function LongList<T>({ items, draw, name, nameOf, label }: Props<T>) {
  if (items.length <= MOST_DRAWN) {
    return (
      <ol class={name} aria-label={label}>
        {items.map((item, index) => (
          <li key={index} class={nameOf?.(item)}>
            {draw(item, index)}
          </li>
        ))}
      </ol>
    );
  }
  return (
    <div role="list" class={name && `${name} long`} aria-label={label}>
      {partsOf(items).map(({ from, part }) => (
        <Part key={from} from={from} length={part.length}>
          {() =>
            part.map((item, index) => (
              <div key={index} role="listitem" class={nameOf?.(item)} aria-setsize={items.length} aria-posinset={from + index + 1}>
                {draw(item, from + index)}
              </div>
            ))
          }
        </Part>
      ))}
    </div>
  );
}

/** Its parts, each with the index of its first item. */
export function partsOf<T>(items: readonly T[]): { from: number; part: T[] }[] {
  const count = Math.ceil(items.length / PART);
  return Array.from({ length: count }, (_, at) => ({ from: at * PART, part: items.slice(at * PART, (at + 1) * PART) }));
}

interface PartProps {
  from: number;
  length: number;
  children: () => ComponentChildren;
}

function Part({ from, length, children }: PartProps) {
  const part = useRef<HTMLDivElement>(null);
  const { isNear, height } = useNear(part, from === 0);
  return (
    <div role="presentation" class="part" ref={part} style={isNear ? undefined : { height: `${height ?? length * GUESSED_PX}px` }}>
      {isNear && children()}
    </div>
  );
}
