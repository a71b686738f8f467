/** Drafts on this machine: a text for each organization, and the revision it began from. No key is ever kept here. */

export interface KeptDraft {
  text: string;
  /** The revision that it changes; null where there was no config. */
  base: number | null;
  /** When it was last touched, in milliseconds. */
  at: number;
}

const place = (organization: string) => `callplan.draft.${organization}`;

/** Whether it is kept: there may be no room, or no permission. */
export function keepDraft(organization: string, draft: KeptDraft): boolean {
  try {
    localStorage.setItem(place(organization), JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function keptDraft(organization: string): KeptDraft | null {
  try {
    const text = localStorage.getItem(place(organization));
    return text === null ? null : (JSON.parse(text) as KeptDraft);
  } catch {
    return null;
  }
}

export function dropDraft(organization: string): void {
  localStorage.removeItem(place(organization));
}
