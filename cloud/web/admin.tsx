/** `admin`: starts the operator's pages in a browser. */
import "#shared/web/components/tokens.css";
import "#shared/web/components/base.css";
import { render } from "preact";
import { browserLanguage, chosenLanguage } from "#shared/web/language.ts";
import { followLinks } from "#shared/web/place.ts";
import { AdminApp } from "./admin-app.tsx";
import { resume } from "./session.ts";
import { speech } from "./speech.ts";

async function start(root: Element): Promise<void> {
  followLinks();
  await speech.speak(chosenLanguage() ?? browserLanguage());
  render(<AdminApp />, root);
  await resume();
}

const root = document.querySelector("#page");
if (root !== null) void start(root);
