/** Whether the sheet of shortcuts is open. */

import { signal } from "@preact/signals";

export const isHelpOpen = signal(false);
