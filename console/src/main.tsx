/** The page's beginning. */

import { render } from "preact";
import { mayWrite } from "./api/session.ts";
import { App } from "./app.tsx";
import { desk } from "./editor/desk.ts";
import { draftExtensions } from "./editor/setup.ts";
import { follow, resume } from "./state/begin.ts";
import { written } from "./state/plan.ts";
import { draftKeys } from "./views/draft-keys.ts";
import "./state/theme.ts";

desk.equip(draftExtensions(draftKeys), written, () => !mayWrite.peek());
follow();
void resume();

const page = document.getElementById("page");
if (page !== null) render(<App />, page);
