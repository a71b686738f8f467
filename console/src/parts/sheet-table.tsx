/** A table that one searches, and sorts by pressing the head of a column. */

import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Field } from "./field.tsx";
import { type Row, Table } from "./table.tsx";

/** A shorter list is seen at once. */
const SEARCHED_FROM = 10;

export interface Column<T> {
  title: string;
  cell: (item: T) => ComponentChildren;
  /** What it is sorted by, and found by, unless that is an instant. */
  text: (item: T) => string;
  isInstant?: boolean;
}

interface Props<T> {
  label: string;
  items: readonly T[];
  columns: Column<T>[];
  keyOf: (item: T) => string;
  onOpen?: (item: T) => void;
}

interface Order {
  title: string;
  isDown: boolean;
}

export function SheetTable<T>({ label, items, columns, keyOf, onOpen }: Props<T>) {
  const [sought, setSought] = useState("");
  const [order, setOrder] = useState<Order | null>(null);
  const shown = useMemo(() => sorted(found(items, columns, sought), columns, order), [items, sought, order]);
  const rows: Row[] = shown.map((item) => ({ key: keyOf(item), cells: columns.map((column) => column.cell(item)), ...(onOpen && { onOpen: () => onOpen(item) }) }));
  const sortBy = (title: string) => setOrder({ title, isDown: order?.title === title && !order.isDown });
  const heads = columns.map(({ title }) => ({
    title,
    order: order?.title !== title ? ("none" as const) : order.isDown ? ("descending" as const) : ("ascending" as const),
    onSort: () => sortBy(title),
  }));
  return (
    <>
      {items.length >= SEARCHED_FROM && (
        <div class="search" role="search">
          <Field label={`Search ${label.toLowerCase()}`}>{(ids) => <input {...ids} type="search" spellcheck={false} value={sought} onInput={(event) => setSought(event.currentTarget.value)} />}</Field>
          <SortField titles={columns.map(({ title }) => title)} chosen={order?.title ?? ""} onChoose={(title) => setOrder(title === "" ? null : { title, isDown: false })} />
          <p class="hint" role="status">
            {shown.length === items.length ? `${items.length} in all` : `${shown.length} of ${items.length}`}
          </p>
        </div>
      )}
      {shown.length === 0 ? <p class="hint">None of them has “{sought}” in it.</p> : <Table label={label} columns={heads} rows={rows} />}
    </>
  );
}

/** On a phone a row is a card, and no column has a head. */
function SortField({ titles, chosen, onChoose }: { titles: string[]; chosen: string; onChoose: (title: string) => void }) {
  return (
    <div class="sort-field">
      <Field label="Sort by">
        {(ids) => (
          <select {...ids} value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
            <option value="">the order they were made in</option>
            {titles.map((title) => (
              <option key={title} value={title}>
                {title}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  );
}

/** Those with what is sought in one of their texts. */
function found<T>(items: readonly T[], columns: Column<T>[], sought: string): readonly T[] {
  const words = wordsOf(sought);
  if (words === "") return items;
  const searched = columns.filter(({ isInstant }) => isInstant !== true);
  return items.filter((item) => searched.some((column) => column.text(item).toLowerCase().includes(words)));
}

/** A number may be written as people do. */
function wordsOf(sought: string): string {
  const words = sought.trim().toLowerCase();
  return /^\+?[\d\s().-]{4,}$/.test(words) ? words.replaceAll(/[\s().-]/g, "") : words;
}

/** Names in the reader's order, "desk 9" before "desk 10". */
const collator = new Intl.Collator(undefined, { numeric: true });

function sorted<T>(items: readonly T[], columns: Column<T>[], order: Order | null): readonly T[] {
  const column = columns.find(({ title }) => title === order?.title);
  if (column === undefined || order === null) return items;
  const texts = items.map((item) => ({ item, text: column.text(item) }));
  texts.sort((one, other) => collator.compare(one.text, other.text) * (order.isDown ? -1 : 1));
  return texts.map(({ item }) => item);
}
