/** A table that one searches, and sorts by pressing the head of a column. */

import type { ComponentChildren } from "preact";
import { type Sorting, useSearched } from "./searched.tsx";
import { type Row, Table } from "./table.tsx";

export interface Column<T> extends Sorting<T> {
  cell: (item: T) => ComponentChildren;
}

interface Props<T> {
  label: string;
  items: readonly T[];
  columns: Column<T>[];
  keyOf: (item: T) => string;
  onOpen?: (item: T) => void;
}

export function SheetTable<T>({ label, items, columns, keyOf, onOpen }: Props<T>) {
  const { shown, order, sortBy, fields } = useSearched(items, columns, { label, unsorted: "the order they were made in" });
  const rows: Row[] = shown.map((item) => ({ key: keyOf(item), cells: columns.map((column) => column.cell(item)), ...(onOpen && { onOpen: () => onOpen(item) }) }));
  const heads = columns.map(({ title }) => ({
    title,
    order: order?.title !== title ? ("none" as const) : order.isDown ? ("descending" as const) : ("ascending" as const),
    onSort: () => sortBy(title),
  }));
  return (
    <>
      {fields}
      {shown.length > 0 && <Table label={label} columns={heads} rows={rows} />}
    </>
  );
}
