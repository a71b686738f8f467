/** The shadow root of an editor's place; see `looks.ts` for why there is one. */
export function shadowOf(place: HTMLElement): ShadowRoot {
  return place.shadowRoot ?? place.attachShadow({ mode: "open" });
}
