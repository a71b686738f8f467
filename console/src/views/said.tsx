/** The sentence that was said last, and the way back. */

import { said, undoLast } from "../state/said.ts";

export function Said() {
  const { sentence = "", undo = null } = said.value ?? {};
  return (
    <section class="said" aria-label="Last action">
      <div class={sentence === "" ? "unseen" : "toast"}>
        <p role="status">{sentence}</p>
        {undo !== null && (
          <button type="button" onClick={() => void undoLast()}>
            Undo
          </button>
        )}
      </div>
    </section>
  );
}
