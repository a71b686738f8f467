/** A field for a number, which offers those of the organization that go with what is written. */

import type { PhoneNumber } from "../api/contract.ts";
import { OfferedInput } from "./offered-input.tsx";

interface Props {
  ids: { id: string; "aria-describedby"?: string };
  value: string;
  numbers: readonly PhoneNumber[];
  onWrite: (value: string) => void;
}

export function NumberInput({ ids, value, numbers, onWrite }: Props) {
  return <OfferedInput ids={ids} inputMode="tel" value={value} offers={numbers.map((number) => number.phone_number)} onWrite={onWrite} />;
}
