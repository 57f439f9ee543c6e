/** `setup`: starts the setup page in a browser. */
import "#shared/web/components/tokens.css";
import "#shared/web/components/base.css";
import { render } from "preact";
import { browserLanguage, chosenLanguage } from "#shared/web/language.ts";
import { SetupApp } from "./setup/setup-app.tsx";
import { speech } from "./setup/words.ts";

const root = document.querySelector("#page");
if (root !== null)
  void speech.speak(chosenLanguage() ?? browserLanguage()).then(() => render(<SetupApp />, root));
