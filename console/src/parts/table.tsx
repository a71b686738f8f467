/**
 * A list as a table; on a phone a row is a card. Cards are no tables to a browser, so each part says its role.
 */

import type { ComponentChildren } from "preact";

export interface Row {
  key: string;
  cells: ComponentChildren[];
  /** What a press anywhere on the row does; its first cell has the same as a link, for the keyboard. */
  onOpen?: () => void;
}

export function Table({ label, columns, rows }: { label: string; columns: string[]; rows: Row[] }) {
  return (
    <table class="list" role="table" aria-label={label}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column} role="columnheader" scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={row.key} role="row" class={row.onOpen && "opens"} onClick={row.onOpen}>
            {row.cells.map((cell, index) => (
              <td key={columns[index]} role="cell" data-column={columns[index]}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
