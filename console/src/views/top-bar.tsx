/** The head of every page: where one is, and where one can go. */

import { useRef } from "preact/hooks";
import { useInSight } from "../parts/in-sight.ts";
import { isHelpOpen } from "../state/help.ts";
import { openPages } from "../state/pages.ts";
import { hrefOf, page } from "../state/route.ts";
import { who } from "../api/session.ts";
import { theme, toggleTheme } from "../state/theme.ts";
import { AccountButton } from "./account.tsx";
import { signOutOrAsk } from "./sign-out.tsx";

export function TopBar() {
  const isDark = theme.value === "dark";
  const pages = useRef<HTMLElement>(null);
  useInSight(pages, "[aria-current]", page.value);
  return (
    <header class="top">
      <p class="where">
        <span class="wordmark">callplan</span> <span class="organization">{who.value?.organization.name}</span>
      </p>
      <nav aria-label="Pages" ref={pages}>
        <ul>
          {openPages.value.map(([name, { title }]) => (
            <li key={name}>
              <a href={hrefOf(name)} aria-current={page.value === name ? "page" : undefined}>
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="tools">
        <button type="button" class="quiet" onClick={toggleTheme} aria-label={isDark ? "Light colors" : "Dark colors"}>
          {isDark ? "☀" : "☾"}
        </button>
        <button type="button" class="quiet" aria-label="Keyboard shortcuts" onClick={() => (isHelpOpen.value = true)}>
          ?
        </button>
        <AccountButton />
        <button type="button" class="quiet" onClick={signOutOrAsk}>
          Sign out
        </button>
      </div>
    </header>
  );
}
