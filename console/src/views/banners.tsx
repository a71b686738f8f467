/** What concerns the whole page: a lost connection. */

import { isConnected } from "../api/connection.ts";

export function Banners() {
  return (
    <div aria-live="polite">
      {!isConnected.value && (
        <p class="banner bad">
          The server cannot be reached. What you write is kept on this machine, and the page goes on once it answers.
        </p>
      )}
    </div>
  );
}
