/** The pages by which people come in, in a browser on a whole hub. */
import type { Browser, Page } from "playwright-core";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadExample, openStand, PASSWORD, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import { openMailStand, type MailStand } from "#cloud/mail/mail-stand.ts";
import type { PersonId } from "#shared/model/ids.ts";
import { findings } from "#shared/web/testing/accessibility.ts";
import { look, openBrowser } from "#shared/web/testing/browser.ts";
import { adminSite } from "./admin-site.ts";

/** A browser on a busy machine is slow. */
export const timeoutMs = 120_000;

const test = suite<{ stand: Stand; mail: MailStand; browser: Browser; olga: string }>("ways in");
test.before(async (context) => {
  context.mail = await openMailStand();
  const smtp = {
    HUB_SMTP: `smtp+plain://127.0.0.1:${context.mail.port}`,
    HUB_MAIL_FROM: "hub@example.net",
  };
  context.stand = await openStand(undefined, smtp, adminSite);
  context.olga = await context.stand.operator("olga@a.example");
  context.browser = await openBrowser();
});
test.after(async ({ stand, mail, browser }) => {
  await browser.close();
  await stand.close();
  await mail.close();
});

const pathIn = (text: string | undefined) =>
  /https?:\/\/[^/]+(\/\S+#token=\S+)/.exec(text ?? "")?.[1];

/** What a page complains of; that a wrong sign-in is answered 401 is as it should be. */
const complaintsIn = (complaints: readonly string[]) =>
  complaints.filter((one) => !/40[0-9]/.test(one));

async function isAccessible(page: Page) {
  assert.equal(await findings(page), []);
}

async function invite(
  { stand, mail, olga }: { stand: Stand; mail: MailStand; olga: string },
  email: string,
) {
  const before = mail.got.length;
  const made = await stand.ask("POST", "/api/v1/people", {
    cookie: olga,
    body: {
      email,
      first_name: "Mia",
      role: "auditor",
      on: { kind: "organization" },
      activation: "mail",
    },
  });
  assert.is(made.status, 201, made.text);
  return pathIn((await mail.arrived(before + 1))[before]?.text) as string;
}

test("an invitation by mail leads to a password and in; the link stays in no history", async (context) => {
  const { stand, browser } = context;
  const path = await invite(context, "mia@a.example");
  const { page, complaints, close } = await look(browser, "phone");
  await page.goto(stand.hub.url + path);
  await page.getByRole("heading", { name: "Welcome" }).waitFor();
  assert.is(page.url(), `${stand.hub.url}/activate`);
  await page.getByText("You sign in with mia@a.example").waitFor();
  await isAccessible(page);
  await page.getByLabel("New password").fill("short");
  await page.getByText("7 characters to go").waitFor();
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByLabel("Password again").fill(PASSWORD);
  await page.getByRole("button", { name: "Keep this password" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await page.goto(stand.hub.url + path);
  await page.reload();
  await page.goto(`${stand.hub.url}/forgotten`);
  await page.goto(stand.hub.url + path);
  await page.getByRole("heading", { name: "This link does not work any more" }).waitFor();
  assert.equal(complaintsIn(complaints), []);
  await close();
});

test("a forgotten password: asked for, mailed, chosen anew", async (context) => {
  const { stand, browser, mail } = context;
  const before = mail.got.length;
  const { page, complaints, close } = await look(browser, "desk");
  await page.goto(stand.hub.url);
  await page.getByRole("link", { name: "Forgotten the password?" }).click();
  await page.getByRole("heading", { name: "Forgotten the password?" }).waitFor();
  await isAccessible(page);
  await page.getByLabel("E-mail").fill("mia@a.example");
  await page.getByRole("button", { name: "Send a link for a new password" }).click();
  await page.getByRole("heading", { name: "Look into your mailbox" }).waitFor();
  await isAccessible(page);
  const [got] = (await mail.arrived(before + 1)).slice(before);
  await page.goto(stand.hub.url + (pathIn(got?.text) as string));
  await page.getByRole("heading", { name: "Choose a new password" }).waitFor();
  await page.getByLabel("New password").fill("silver meadow 42");
  await page.getByLabel("Password again").fill("silver meadow 42");
  await page.getByRole("button", { name: "Keep this password" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  assert.equal(complaintsIn(complaints), []);
  await close();
});

test("a password set by an administrator is replaced before anything is seen", async (context) => {
  const { stand, browser, olga } = context;
  const mia = await stand.hub.hub.people.findByEmail(
    { kind: "system", part: "test" },
    "mia@a.example",
  );
  await stand.ask("POST", `/api/v1/people/${mia?.personId}/password`, {
    cookie: olga,
    body: { password: "given lantern 55", password_again: "given lantern 55", must_change: true },
  });
  const { page, close } = await look(browser, "phone");
  await page.goto(stand.hub.url);
  await page.getByLabel("E-mail").fill("mia@a.example");
  await page.getByLabel("Password").fill("given lantern 55");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("The password you were given").fill("given lantern 55");
  await isAccessible(page);
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByLabel("Password again").fill(PASSWORD);
  await page.getByRole("button", { name: "Keep this password" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  await close();
});

/** Signs the browser in as somebody. */
async function as(page: Page, { stand }: { stand: Stand }, cookie: string) {
  const [name, value] = cookie.split("=") as [string, string];
  await page.context().addCookies([{ name, value, url: stand.hub.url }]);
}

test("a new address is asked for on one's own page and confirmed by a press", async (context) => {
  const { stand, browser, mail } = context;
  const body = { email: "mia@a.example", password: PASSWORD };
  const { cookie } = await stand.ask("POST", "/api/v1/sign-in", { body });
  const { page, complaints, close } = await look(browser, "phone");
  await as(page, context, cookie as string);
  const before = mail.got.length;
  await page.goto(stand.hub.url);
  await page.getByRole("button", { name: "Your sign-in" }).click();
  await page.getByRole("link", { name: "Your sign-in" }).click();
  await page.getByText("You sign in with mia@a.example.").waitFor();
  await isAccessible(page);
  await page.getByLabel("E-mail").fill("mia@new.example");
  await page.getByLabel("Your password").first().fill("wrong");
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText("The password is not right.").waitFor();
  await page.getByLabel("Your password").first().fill(PASSWORD);
  await page.getByRole("button", { name: "Send the link" }).click();
  await page.getByText("A link is on its way to mia@new.example.").waitFor();
  // Words of what was changed before may still be on their way.
  let path: string | undefined;
  for (let n = before; path === undefined; n++) path = pathIn((await mail.arrived(n + 1))[n]?.text);
  await page.goto(stand.hub.url + path);
  await page.getByText("mia@new.example is to be the address with which Mia signs in").waitFor();
  assert.is(page.url(), `${stand.hub.url}/confirm`);
  await isAccessible(page);
  await page.getByRole("button", { name: "Yes, confirm it" }).click();
  await page.getByRole("heading", { name: "The address is confirmed" }).waitFor();
  assert.equal(complaintsIn(complaints), []);
  await close();
});

test("a resident lets one more of the household in, and takes it back", async (context) => {
  const { stand, browser } = context;
  const { hub } = stand.hub;
  await load(hub, loadExample(stand.tenant("alpha")));
  const ben = await hub.people.findByEmail({ kind: "system", part: "test" }, "ben.f@example.org");
  const { page, complaints, close } = await look(browser, "phone");
  await as(page, context, `riser_signin=${await hub.signIns.begin(ben?.personId as PersonId)}`);
  await page.goto(stand.hub.url);
  await page.getByRole("link", { name: "Your household" }).click();
  await page.getByRole("button", { name: "Let in" }).click();
  await page.getByText("Please fill in this field.").waitFor();
  await page.getByLabel("First name").fill("Pat");
  await page.getByLabel("E-mail").fill("pat@example.org");
  await page.getByRole("button", { name: "Let in" }).click();
  await page.getByText("A mail is on its way to Pat.").waitFor();
  await page.getByRole("button", { name: "Mail once more" }).waitFor();
  await isAccessible(page);
  await page.getByRole("button", { name: "Remove" }).click();
  const dialog = page.getByRole("dialog", { name: "Remove Pat from your household?" });
  await isAccessible(page);
  await dialog.getByRole("button", { name: "Remove" }).click();
  await page.getByText("pat@example.org").waitFor({ state: "detached" });
  assert.equal(complaintsIn(complaints), []);
  await close();
});

test("who looks at a claim code's picture with a phone's camera reads what to do with it", async (context) => {
  const { stand, browser } = context;
  const { page, complaints, close } = await look(browser, "phone");
  await page.goto(`${stand.hub.url}/claim#ABCD-EFGH-JKLM`);
  await page.getByRole("heading", { name: "A new gateway" }).waitFor();
  await page.getByText("ABCD-EFGH-JKLM").waitFor();
  await page.getByText(`type this hub's address, ${stand.hub.url}`).waitFor();
  await isAccessible(page);
  await page.goto("about:blank");
  await page.goto(`${stand.hub.url}/claim`);
  await page.getByRole("listitem").first().waitFor();
  assert.is(
    await page.getByRole("button", { name: "Copy" }).count(),
    0,
    "there is no code to copy",
  );
  assert.equal(complaintsIn(complaints), []);
  await close();
});

test("who assists sees a band over the page, and the way out of it", async (context) => {
  const { stand, browser, olga } = context;
  const mia = await stand.hub.hub.people.findByEmail(
    { kind: "system", part: "test" },
    "mia@new.example",
  );
  await stand.ask("POST", "/api/v1/assistance", {
    cookie: olga,
    body: { person: mia?.personId, reason: "a question about a list" },
  });
  const { page, close } = await look(browser, "desk");
  await as(page, context, olga);
  await page.goto(stand.hub.url);
  const band = page.getByRole("complementary", { name: "Remote assistance" });
  await band.getByText("You see what Mia sees · reason: a question about a list").waitFor();
  await isAccessible(page);
  await band.getByRole("button", { name: "Stop" }).click();
  await band.waitFor({ state: "detached" });
  await close();
});

test.run();
