/** `npm run pictures`: those of the README, and with `SHOTS=FOLDER` one of each view, in light, dark and on a phone. */

import { defineConfig } from "@playwright/test";
import tests from "./playwright.config.ts";

export default defineConfig({ ...tests, testDir: "pictures", reporter: [["line"]] });
