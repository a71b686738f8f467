/** A field for a number, which offers those of the organization that go with what is written. */

import { useId } from "preact/hooks";
import type { PhoneNumber } from "../api/contract.ts";

/** More are not offered at once: who writes on finds the others. */
const MOST_OFFERED = 50;

interface Props {
  ids: { id: string; "aria-describedby"?: string };
  value: string;
  numbers: readonly PhoneNumber[];
  onWrite: (value: string) => void;
}

export function NumberInput({ ids, value, numbers, onWrite }: Props) {
  const list = useId();
  return (
    <>
      <input {...ids} inputMode="tel" spellcheck={false} autocomplete="off" list={list} value={value} onInput={(event) => onWrite(event.currentTarget.value)} />
      <datalist id={list}>
        {offered(numbers, value).map((number) => (
          <option key={number} value={number} />
        ))}
      </datalist>
    </>
  );
}

/** Those that contain what is written; all, once it is one of them. */
function offered(numbers: readonly PhoneNumber[], value: string): string[] {
  const written = value.trim();
  const all = numbers.map((number) => number.phone_number);
  const fitting = all.includes(written) ? all : all.filter((number) => number.includes(written));
  return fitting.slice(0, MOST_OFFERED);
}
