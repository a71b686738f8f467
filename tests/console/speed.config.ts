/** `npm run speed`: figures, where the tests have outcomes. To be run on a release build, alone on its machine. */

import { defineConfig } from "@playwright/test";
import tests from "./playwright.config.ts";

export default defineConfig({ ...tests, testDir: "speed", workers: 1, timeout: 300_000, reporter: [["line"]] });
