/**
 * A list as a table; on a phone a row is a card. Cards are no tables to a browser, so each part says its role. Of a long
 * table only what is near to what is seen has elements.
 */

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { MOST_DRAWN, partsOf } from "./long-list.tsx";
import { useNear } from "./near.ts";

/** What a row is taken for that was never drawn, in px. */
const GUESSED_PX = 45;

export interface Row {
  key: string;
  cells: ComponentChildren[];
  /** What a press anywhere on the row does; its first cell has the same as a link, for the keyboard. */
  onOpen?: () => void;
}

/** The head of a column; one that sorts is a button. */
export interface Head {
  title: string;
  order: "none" | "ascending" | "descending";
  onSort: () => void;
}

interface Props {
  label: string;
  columns: (string | Head)[];
  rows: Row[];
}

export function Table({ label, columns, rows }: Props) {
  const titles = columns.map((column) => (typeof column === "string" ? column : column.title));
  const isLong = rows.length > MOST_DRAWN;
  return (
    <table class="list" role="table" aria-label={label} aria-rowcount={isLong ? rows.length + 1 : undefined}>
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={isLong ? 1 : undefined}>
          {columns.map((column, index) => (
            <HeadCell key={titles[index]} column={column} />
          ))}
        </tr>
      </thead>
      {isLong ? partsOf(rows).map(({ from, part }) => <Part key={from} from={from} rows={part} titles={titles} />) : <tbody role="rowgroup">{rows.map((row) => <TableRow key={row.key} row={row} titles={titles} />)}</tbody>}
    </table>
  );
}

function HeadCell({ column }: { column: string | Head }) {
  if (typeof column === "string") {
    return (
      <th role="columnheader" scope="col">
        {column}
      </th>
    );
  }
  return (
    <th role="columnheader" scope="col" aria-sort={column.order}>
      <button type="button" class="sort" onClick={column.onSort}>
        {column.title}
        <span aria-hidden="true">{{ none: " ↕", ascending: " ↑", descending: " ↓" }[column.order]}</span>
      </button>
    </th>
  );
}

function Part({ from, rows, titles }: { from: number; rows: Row[]; titles: string[] }) {
  const part = useRef<HTMLTableSectionElement>(null);
  const { isNear, height } = useNear(part, from === 0);
  return (
    <tbody role="rowgroup" ref={part}>
      {isNear ? rows.map((row, index) => <TableRow key={row.key} row={row} titles={titles} index={from + index + 2} />) : <tr class="gap" aria-hidden="true" style={{ height: `${height ?? rows.length * GUESSED_PX}px` }} />}
    </tbody>
  );
}

function TableRow({ row, titles, index }: { row: Row; titles: string[]; index?: number }) {
  return (
    <tr role="row" aria-rowindex={index} class={row.onOpen && "opens"} onClick={row.onOpen}>
      {row.cells.map((cell, at) => (
        <td key={titles[at]} role="cell" data-column={titles[at]}>
          {cell}
        </td>
      ))}
    </tr>
  );
}
