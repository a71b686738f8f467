/**
 * Places in a text, as the two sides count them. The service counts columns in Unicode scalar values and edits in bytes of
 * UTF-8; the editor counts both in UTF-16 code units. An emoji is 1, 4 and 2 of them.
 */

import type { Text } from "@codemirror/state";
import type { At } from "../api/endpoints.ts";
import type { NoPlace, Place } from "../api/contract.ts";

/** The editor's offset of a place. What lies outside of the text is its nearest end. */
export function offsetOf(doc: Text, line: number, column: number): number {
  if (line > doc.lines) return doc.length;
  const { from, text } = doc.line(Math.max(line, 1));
  let units = unitsOfMark(line, text);
  for (let left = column - 1; left > 0 && units < text.length; left -= 1) {
    units += unitsAt(text, units);
  }
  return from + units;
}

/** The editor's range of a place. */
export function rangeOf(doc: Text, place: Place | NoPlace): { from: number; to: number } {
  // What is not about the text, such as a fallback agent that cannot answer, stands at its beginning.
  const from = offsetOf(doc, place.line ?? 1, place.column ?? 1);
  return { from, to: Math.max(from, offsetOf(doc, place.end_line ?? 1, place.end_column ?? 1)) };
}

/** The service's place of an editor's offset. */
export function placeOf(doc: Text, offset: number): At {
  const line = doc.lineAt(offset);
  let column = 1;
  for (let units = unitsOfMark(line.number, line.text); units < offset - line.from; column += 1) {
    units += unitsAt(line.text, units);
  }
  return { line: line.number, column };
}

/** The editor's offsets of offsets in bytes, in the order of the latter. */
export function offsetsOfBytes(text: string, bytes: readonly number[]): Map<number, number> {
  const wanted = [...new Set(bytes)].sort((a, b) => a - b);
  const found = new Map<number, number>();
  let units = 0;
  let passed = 0;
  for (const byte of wanted) {
    while (passed < byte && units < text.length) {
      const point = text.codePointAt(units) ?? 0;
      passed += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      units += point < 0x10000 ? 1 : 2;
    }
    found.set(byte, units);
  }
  return found;
}

/** A byte-order mark at the start of a text counts in offsets, and in no column. */
function unitsOfMark(line: number, text: string): number {
  return line <= 1 && text.startsWith("\uFEFF") ? 1 : 0;
}

function unitsAt(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) < 0x10000 ? 1 : 2;
}
