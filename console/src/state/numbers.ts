/** The organization's numbers: read once, and shared by all views. */

import { signal } from "@preact/signals";
import type { PhoneNumber } from "../api/contract.ts";
import { phoneNumbers } from "../api/endpoints.ts";
import { may } from "../api/session.ts";

/** What is older is read again when one looks at it. */
const OLD_MS = 30_000;

/** Null until they are known. */
export const numbers = signal<PhoneNumber[] | null>(null);
let readAt = 0;
let reading: Promise<void> | null = null;

/** Reads them anew. */
export async function readNumbers(): Promise<void> {
  if (!may("phone_numbers:read")) return;
  const own = read().finally(() => (reading = reading === own ? null : reading));
  reading = own;
  await own;
}

async function read(): Promise<void> {
  const begun = Date.now();
  const found = await phoneNumbers();
  // A list that was begun later is the newer one.
  if (begun < readAt) return;
  numbers.value = found;
  readAt = begun;
}

/** Reads them if they are not known, or were read a while ago. */
export async function needNumbers(): Promise<void> {
  if (reading !== null) return reading;
  if (numbers.peek() === null || Date.now() - readAt > OLD_MS) await readNumbers();
}
