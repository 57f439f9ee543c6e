/**
 * `sign-in`: how people come in and go: set-up link, password, mailed links, invitations, other
 * providers, and who they are.
 *
 * Must never say whether an e-mail address is known: the same sentence after the same time.
 */
import { route, type Area } from "#cloud/api/route.ts";
import { Operator } from "#shared/api/admin.ts";
import { accept, activate, lookAtActivation } from "./activation.ts";
import { askForLink, enterByLink, forgotten } from "./by-mail.ts";
import { beginByProvider, comeBack, offeredProviders } from "./by-provider.ts";
import { confirmEmail, lookAtNextEmail } from "./confirm-email.ts";
import { meOf } from "./entering.ts";
import { signInRoute, signOut } from "./password.ts";
import { setup, setupLink } from "./setting-up.ts";

const me = route({
  method: "get",
  path: "/me",
  right: "signed-in",
  title: "Who is signed in.",
  answer: { data: Operator },
  beforeReady: true,
  open:
    ({ hub }) =>
    ({ asker }) =>
      meOf(hub, asker),
});

export const signIn: Area = {
  name: "sign-in",
  title: "Coming in, going, and who one is",
  routes: [
    setupLink,
    setup,
    signInRoute,
    signOut,
    me,
    lookAtActivation,
    activate,
    accept,
    lookAtNextEmail,
    confirmEmail,
    forgotten,
    askForLink,
    enterByLink,
    offeredProviders,
    beginByProvider,
    comeBack,
  ],
};
