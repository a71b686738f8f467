/** The sentence that was said last. */

import { said } from "../state/said.ts";

export function Said() {
  return (
    <div class="said" role="status">
      {said.value !== null && <p>{said.value}</p>}
    </div>
  );
}
