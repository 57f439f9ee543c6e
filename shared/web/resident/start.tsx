/** `start`: shows the residents' pages in the document, in the reader's language, as their gateway serves them. */
import "../components/tokens.css";
import "../components/base.css";
import { render } from "preact";
import { browserLanguage, chosenLanguage } from "../language.ts";
import { followLinks } from "../place.ts";
import { takesOwnSettings } from "./own-settings.tsx";
import { ResidentApp } from "./resident-app.tsx";
import { resume } from "./session.ts";
import { speech } from "./speech.ts";

export async function startResidentPages(root: Element): Promise<void> {
  followLinks();
  takesOwnSettings.value = true;
  await speech.speak(chosenLanguage() ?? browserLanguage());
  render(<ResidentApp />, root);
  await resume();
}
