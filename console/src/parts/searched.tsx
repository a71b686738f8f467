/** A list that one searches and sorts: what is shown of it, and the fields that say so. */

import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Field } from "./field.tsx";

/** A shorter list is seen at once. */
const SEARCHED_FROM = 10;

/** Something that the items of a list are sorted by. */
export interface Sorting<T> {
  title: string;
  /** What an item is sorted by, and found by, unless that is an instant. */
  text: (item: T) => string;
  isInstant?: boolean;
}

export interface Order {
  title: string;
  isDown: boolean;
}

interface Options {
  /** What the list is called. */
  label: string;
  /** What the order is called that the list has of its own. */
  unsorted: string;
  /** Whether the list has no heads to sort by, however wide it is. */
  isHeadless?: boolean;
}

export interface Searched<T> {
  shown: readonly T[];
  order: Order | null;
  sortBy: (title: string) => void;
  /** The fields above the list, and what is said where nothing is found. */
  fields: ComponentChildren;
}

export function useSearched<T>(items: readonly T[], sortings: readonly Sorting<T>[], { label, unsorted, isHeadless = false }: Options): Searched<T> {
  const [sought, setSought] = useState("");
  const [order, setOrder] = useState<Order | null>(null);
  const shown = useMemo(() => sorted(found(items, sortings, sought), sortings, order), [items, sought, order]);
  const sortBy = (title: string) => setOrder({ title, isDown: order?.title === title && !order.isDown });
  const fields = (
    <>
      {items.length >= SEARCHED_FROM && (
        <div class="search" role="search">
          <Field label={`Search ${label.toLowerCase()}`}>{(ids) => <input {...ids} type="search" spellcheck={false} value={sought} onInput={(event) => setSought(event.currentTarget.value)} />}</Field>
          <div class={isHeadless ? "sort-field always" : "sort-field"}>
            <SortField titles={sortings.map(({ title }) => title)} unsorted={unsorted} chosen={order?.title ?? ""} onChoose={(title) => setOrder(title === "" ? null : { title, isDown: false })} />
          </div>
          <p class="hint" role="status">
            {shown.length === items.length ? `${items.length} in all` : `${shown.length} of ${items.length}`}
          </p>
        </div>
      )}
      {shown.length === 0 && items.length > 0 && <p class="hint">None of them has “{sought}” in it.</p>}
    </>
  );
  return { shown, order, sortBy, fields };
}

interface SortProps {
  titles: string[];
  unsorted: string;
  chosen: string;
  onChoose: (title: string) => void;
}

/** On a phone a row is a card, and no column has a head. */
function SortField({ titles, unsorted, chosen, onChoose }: SortProps) {
  return (
    <Field label="Sort by">
      {(ids) => (
        <select {...ids} value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
          <option value="">{unsorted}</option>
          {titles.map((title) => (
            <option key={title} value={title}>
              {title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Those with what is sought in one of their texts. */
function found<T>(items: readonly T[], sortings: readonly Sorting<T>[], sought: string): readonly T[] {
  const words = wordsOf(sought);
  if (words === "") return items;
  const searched = sortings.filter(({ isInstant }) => isInstant !== true);
  return items.filter((item) => searched.some(({ text }) => text(item).toLowerCase().includes(words)));
}

/** A number may be written as people do. */
function wordsOf(sought: string): string {
  const words = sought.trim().toLowerCase();
  return /^\+?[\d\s().-]{4,}$/.test(words) ? words.replaceAll(/[\s().-]/g, "") : words;
}

/** Names in the reader's order, "desk 9" before "desk 10". */
const collator = new Intl.Collator(undefined, { numeric: true });

function sorted<T>(items: readonly T[], sortings: readonly Sorting<T>[], order: Order | null): readonly T[] {
  const sorting = sortings.find(({ title }) => title === order?.title);
  if (sorting === undefined || order === null) return items;
  const texts = items.map((item) => ({ item, text: sorting.text(item) }));
  texts.sort((one, other) => collator.compare(one.text, other.text) * (order.isDown ? -1 : 1));
  return texts.map(({ item }) => item);
}
