/** Whether the panel beside the text is in sight: on a phone it is below the text that one writes. */

import { signal } from "@preact/signals";

export const isPanelSeen = signal(true);

/** What nobody sees is not worked out while one types, but once one pauses. */
const UNSEEN_PAUSE_MS = 1500;

export const pauseBefore = (pauseMs: number) => (isPanelSeen.peek() ? pauseMs : UNSEEN_PAUSE_MS);
