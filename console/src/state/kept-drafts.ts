/** Drafts as they are kept on this machine: each at a place of its own, by organization. No key is ever kept here. */

export interface KeptDraft {
  text: string;
  /** The revision that it changes; null where there was no config. */
  base: number | null;
  /** When it was last edited, in milliseconds. */
  at: number;
  /** The page that kept it last: a tab that is duplicated begins with the same place, and is another page. */
  page: string;
}

/** A draft with its place. */
export interface PlacedDraft extends KeptDraft {
  place: string;
}

const prefixOf = (organization: string) => `callplan.draft.${organization}`;

export const placeOf = (organization: string, id: string) => `${prefixOf(organization)}.${id}`;

/** Whether it is kept: there may be no room, or no permission. */
export function keepAt(place: string, { text, base, at, page }: KeptDraft): boolean {
  try {
    localStorage.setItem(place, JSON.stringify({ text, base, at, page }));
    return true;
  } catch {
    return false;
  }
}

/** What is kept there; null where nothing is, or nothing that could be read. */
export function keptAt(place: string): KeptDraft | null {
  try {
    return readDraft(localStorage.getItem(place));
  } catch {
    return null;
  }
}

export function readDraft(written: string | null): KeptDraft | null {
  if (written === null) return null;
  try {
    const { text, base, at, page } = JSON.parse(written) as Partial<KeptDraft>;
    if (typeof text !== "string" || typeof at !== "number") return null;
    return { text, base: typeof base === "number" ? base : null, at, page: typeof page === "string" ? page : "" };
  } catch {
    return null;
  }
}

export function dropAt(place: string): void {
  try {
    localStorage.removeItem(place);
  } catch {
    // Where nothing may be kept, nothing is.
  }
}

export function dropAll(organization: string): void {
  for (const place of placesOf(organization)) dropAt(place);
}

/** All drafts of an organization, the newest first. */
export function keptDrafts(organization: string): PlacedDraft[] {
  return placesOf(organization)
    .flatMap((place) => {
      const draft = keptAt(place);
      return draft === null ? [] : [{ ...draft, place }];
    })
    .sort((one, other) => other.at - one.at);
}

export const isPlaceOf = (organization: string, place: string) => place.startsWith(prefixOf(organization));

function placesOf(organization: string): string[] {
  try {
    return Object.keys(localStorage).filter((place) => isPlaceOf(organization, place));
  } catch {
    return [];
  }
}
