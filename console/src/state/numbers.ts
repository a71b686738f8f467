/** The organization's numbers. */

import type { PhoneNumber } from "../api/contract.ts";
import { phoneNumbers } from "../api/endpoints.ts";
import { SharedList } from "./shared-list.ts";

const list = new SharedList<PhoneNumber>("phone_numbers:read", phoneNumbers);

/** Null until they are known. */
export const numbers = list.items;
export const readNumbers = () => list.read();
export const needNumbers = () => list.need();
