/** Coming in by mail and by other providers, against a real mail server and a real provider. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openStand, PASSWORD, type Answer, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { openMailStand, type MailStand } from "#cloud/mail/mail-stand.ts";
import { systemScope } from "#shared/model/scope.ts";

const scope = systemScope("test");
const OTHER = "silver meadow 42";

interface Account {
  readonly email: string;
  readonly verified: boolean;
}
interface Context {
  stand: Stand;
  mail: MailStand;
  olga: string;
  bert: string;
  idp: { issuer: string; accounts: Map<string, Account>; server: Server };
}
const test = suite<Context>("sign-in");

test.before(async (context) => {
  context.mail = await openMailStand();
  context.stand = await openStand(process.env.COUCHDB_URL, {
    HUB_SMTP: `smtp+plain://127.0.0.1:${context.mail.port}`,
    HUB_MAIL_FROM: "hub@example.net",
    // The organizations' own mail server and provider stand on this machine.
    HUB_PRIVATE_TARGETS: "yes",
  });
  const { stand } = context;
  context.olga = await stand.operator("olga@a.example");
  await stand.hub.hub.registry.alone(async () => {
    await stand.hub.hub.registry.riser.database.put({
      _id: "organization:o-rrrrrrrrrrrrrrrr",
      type: "organization",
      v: 1,
      organizationId: "o-rrrrrrrrrrrrrrrr",
      name: "Rival",
      createdAt: new Date(stand.clock.now()).toISOString(),
    });
  });
  context.bert = await stand.operator("bert@b.example", "Rival");
  context.idp = await openProvider(stand.hub.url);
});
test.after(async ({ stand, mail, idp }) => {
  await stand.close();
  await mail.close();
  await new Promise((resolve) => idp.server.close(resolve));
});

/** A whole OpenID provider whose people are the accounts by name. */
async function openProvider(hubUrl: string): Promise<Context["idp"]> {
  const accounts = new Map<string, Account>();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "riser",
        client_secret: "a secret of theirs",
        redirect_uris: [`${hubUrl}/api/v1/sign-in/oidc/callback`],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ["a key for tests"] },
    findAccount: (_c: unknown, id: string) => {
      const account = accounts.get(id);
      return (
        account && {
          accountId: id,
          claims: async () => ({
            sub: id,
            email: account.email,
            email_verified: account.verified,
          }),
        }
      );
    },
  } as Loose);
  const answer = provider.callback();
  server.on("request", (incoming, outgoing) => void answer(incoming, outgoing));
  return { issuer, accounts, server };
}

/** Walks through the provider's pages like a browser, as `account`; the address it leads back to. */
async function throughProvider(url: string, account: string): Promise<URL> {
  const jar = new Map<string, string>();
  let next = url;
  let form: URLSearchParams | undefined;
  for (let steps = 0; steps < 20; steps++) {
    const answer = await fetch(next, {
      redirect: "manual",
      ...(form ? { method: "POST", body: form } : {}),
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    for (const set of answer.headers.getSetCookie()) {
      const [pair] = set.split(";");
      const [name, value] = (pair as string).split("=");
      if (value === "") jar.delete(name as string);
      else jar.set(name as string, value as string);
    }
    form = undefined;
    const location = answer.headers.get("location");
    if (location !== null) {
      const to = new URL(location, next);
      if (to.pathname.endsWith("/callback")) return to;
      next = to.href;
      continue;
    }
    const page = await answer.text();
    const prompt = /name="prompt" value="([a-z]+)"/.exec(page)?.[1];
    assert.ok(prompt, page.slice(0, 500));
    form = new URLSearchParams({ prompt, login: account, password: "x" });
    next = new URL(/action="([^"]+)"/.exec(page)?.[1] as string, next).href;
  }
  throw new Error("the provider never came to an end");
}

const cookieIn = (answer: Answer, name: string) =>
  (answer.headers["set-cookie"] as string[] | undefined)
    ?.find((one) => one.startsWith(`${name}=`))
    ?.split(";")[0];

/** Signs in by a provider; where the hub leads to in the end, with the sign-in's cookie if there is one. */
async function byProvider(
  { stand }: Context,
  provider: string,
  account: string,
  { token, forge }: { token?: string; forge?: (url: URL) => void } = {},
): Promise<Answer> {
  const begun = await stand.ask("POST", "/api/v1/sign-in/oidc", {
    body: { provider, ...(token === undefined ? {} : { token }) },
  });
  assert.is(begun.status, 200, begun.text);
  const back = await throughProvider(begun.json.data.url, account);
  forge?.(back);
  return stand.ask("GET", `${back.pathname}${back.search}`, {
    cookie: cookieIn(begun, "riser_oidc") as string,
  });
}

async function addPerson(
  { stand }: Context,
  by: string,
  email: string,
  activation: string,
  more: object = {},
): Promise<Loose> {
  const answer = await stand.ask("POST", "/api/v1/people", {
    cookie: by,
    body: {
      email,
      first_name: "Mia",
      role: "auditor",
      on: { kind: "organization" },
      activation,
      ...more,
    },
  });
  assert.is(answer.status, 201, answer.text);
  return answer.json.data;
}

const linkIn = (text: string | undefined) => /#token=(\S+)/.exec(text ?? "")?.[1] as string;

test("an invitation comes by mail, in the reader's language, and shows that the mailbox is theirs", async (context) => {
  const { stand, mail, olga } = context;
  const before = mail.got.length;
  const made = await addPerson(context, olga, "mia@a.example", "mail", { language: "de" });
  assert.is(made.invitation.url, null, "who invites does not see it");
  const got = (await mail.arrived(before + 1))[before];
  assert.is(got?.subject, "Ihr Zugang zu Acme");
  assert.match(got?.text ?? "", /Guten Tag Mia/);
  assert.match(got?.text ?? "", new RegExp(`${stand.hub.url}/activate#token=`));
  const body = { token: linkIn(got?.text), password: PASSWORD };
  assert.is((await stand.ask("POST", "/api/v1/activation", { body })).status, 200);
  const mia = await stand.hub.hub.people.findByEmail(scope, "mia@a.example");
  assert.ok(mia?.emailVerifiedAt);
  const waiting = await stand.ask("GET", "/api/v1/mails", { cookie: olga });
  assert.is(waiting.json.data[0].state, "sent");
  assert.not.ok(waiting.text.includes("mia@"), "what was sent is not kept");
});

test("a forgotten password is answered alike for everybody, and mailed to those who are known", async (context) => {
  const { stand, mail } = context;
  const before = mail.got.length;
  const forgotten = (email: string) =>
    stand.ask("POST", "/api/v1/sign-in/forgotten", { body: { email } });
  const known = await forgotten("Mia@A.example");
  const unknown = await forgotten("nobody@a.example");
  assert.is(known.status, 202);
  assert.is(known.text, unknown.text);
  const got = (await mail.arrived(before + 1))[before];
  const token = linkIn(got?.text);
  const reset = (password: string) =>
    stand.ask("POST", "/api/v1/activation", { body: { token, password } });
  assert.is((await reset("passwordpassword")).status, 400, "a weak one leaves the link as it is");
  assert.is((await reset(OTHER)).status, 200);
  assert.is((await reset(OTHER)).status, 404);
  const enter = (password: string) =>
    stand.ask("POST", "/api/v1/sign-in", { body: { email: "mia@a.example", password } });
  assert.is((await enter(PASSWORD)).status, 401);
  assert.is((await enter(OTHER)).status, 200);
});

test("a link by mail signs in once and for a quarter of an hour", async (context) => {
  const { stand, mail } = context;
  const ask = async () => {
    const before = mail.got.length;
    const answer = await stand.ask("POST", "/api/v1/sign-in/link", {
      body: { email: "mia@a.example" },
    });
    assert.is(answer.status, 202);
    return linkIn((await mail.arrived(before + 1))[before]?.text);
  };
  const enter = (token: string) =>
    stand.ask("POST", "/api/v1/sign-in/by-link", { body: { token } });
  const token = await ask();
  const entered = await enter(token);
  assert.is(entered.status, 200, entered.text);
  assert.is((await enter(token)).status, 404);
  assert.is(
    (await stand.ask("GET", "/api/v1/me", { cookie: entered.cookie as string })).status,
    200,
  );
  await stand.clock.advance(7_200_001);
  const late = await ask();
  await stand.clock.advance(900_001);
  assert.is((await enter(late)).status, 404);
});

test("nobody fills a mailbox by asking again and again", async (context) => {
  const { stand, mail, olga } = context;
  await stand.clock.advance(7_200_001);
  const before = mail.got.length;
  for (let i = 0; i < 6; i++)
    await stand.ask("POST", "/api/v1/sign-in/link", { body: { email: "mia@a.example" } });
  await mail.arrived(before + 3);
  const since = stand.clock.now() - 60_000;
  const mails = await stand.ask("GET", "/api/v1/mails", { cookie: olga });
  const asked = mails.json.data.filter(
    ({ kind, created_at }: Loose) => kind === "enter" && Date.parse(created_at) >= since,
  );
  assert.is(asked.length, 3);
});

test("a mail server that is away costs a delay and not the mail, and repeats no address", async (context) => {
  const { stand, mail, olga } = context;
  mail.isAway = true;
  const { person } = await addPerson(context, olga, "nils@a.example", "mail");
  const shown = async () =>
    (await stand.ask("GET", "/api/v1/mails", { cookie: olga })).json.data.find(
      (one: Loose) => one.person === person.id,
    );
  while ((await shown()).tries === 0);
  const failed = await shown();
  assert.is(failed.state, "waiting");
  assert.match(failed.trouble, /closed for today/);
  assert.not.match(failed.trouble, /@/);
  mail.isAway = false;
  const before = mail.got.length;
  await stand.clock.advance(60_001);
  assert.is((await mail.arrived(before + 1))[before]?.subject, "Your access to Acme");
});

test("an organization's own mail server is tried before it is trusted, and its password is not told", async (context) => {
  const { stand, olga, bert } = context;
  const own = await openMailStand({ user: "riser", pass: "s3cret of the server" });
  const put = (password: string | null, port = own.port) =>
    stand.ask("PUT", "/api/v1/settings/mail", {
      cookie: bert,
      body: {
        host: "127.0.0.1",
        port,
        security: "none",
        user: "riser",
        password,
        from_address: "rival@example.net",
        from_name: "Rival, Inc",
      },
    });
  const tried = () => stand.ask("POST", "/api/v1/settings/mail/test", { cookie: bert, body: {} });
  await put("wrong");
  assert.is((await tried()).json.data.sent, false);
  await put("s3cret of the server");
  assert.is((await tried()).json.data.sent, true);
  const [got] = await own.arrived(1);
  assert.is(got?.from?.value[0]?.name, "Rival, Inc");
  const shown = await stand.ask("GET", "/api/v1/settings/mail", { cookie: bert });
  assert.is(shown.json.data.has_password, true);
  assert.not.ok(shown.text.includes("s3cret"));
  assert.is((await put(null, 2525)).status, 400, "another server does not get the old password");
  const elsewhere = await stand.ask("GET", "/api/v1/settings/mail", { cookie: olga });
  assert.is(elsewhere.json.data, null);
  await stand.ask("DELETE", "/api/v1/settings/mail", { cookie: bert });
  await own.close();
});

test("people come in by a provider: an account is theirs by its verified address", async (context) => {
  const { stand, olga, bert, idp } = context;
  const add = (cookie: string) =>
    stand.ask("POST", "/api/v1/settings/providers", {
      cookie,
      body: {
        name: "Office",
        issuer: idp.issuer,
        client_id: "riser",
        client_secret: "a secret of theirs",
      },
    });
  const provider = (await add(olga)).json.data.id;
  const rival = (await add(bert)).json.data.id;
  const listed = await stand.ask("GET", "/api/v1/settings/providers", { cookie: olga });
  assert.is(listed.json.data.length, 1);
  assert.not.ok(listed.text.includes("a secret of theirs"));
  const tried = await stand.ask("POST", `/api/v1/settings/providers/${provider}/test`, {
    cookie: olga,
    body: {},
  });
  assert.is(tried.json.data.ok, true, tried.text);

  const made = await addPerson(context, olga, "tess@a.example", "link");
  idp.accounts.set("tess", { email: "tess@a.example", verified: true });
  idp.accounts.set("liar", { email: "tess@a.example", verified: false });
  idp.accounts.set("nobody", { email: "nobody@a.example", verified: true });
  idp.accounts.set("olga", { email: "olga@a.example", verified: true });
  const to = (answer: Answer) => answer.headers.location;

  assert.is(to(await byProvider(context, provider, "liar")), "/#sign-in=unknown");
  assert.is(to(await byProvider(context, provider, "nobody")), "/#sign-in=unknown");
  const token = linkIn(made.invitation.url);
  assert.is(to(await byProvider(context, provider, "nobody", { token })), "/#sign-in=unknown");
  const entered = await byProvider(context, provider, "tess", { token });
  assert.is(to(entered), "/", entered.text);
  const me = await stand.ask("GET", "/api/v1/me", { cookie: entered.cookie as string });
  assert.is(me.json.data.email, "tess@a.example");
  assert.is((await stand.ask("POST", "/api/v1/activation/look", { body: { token } })).status, 404);

  // By the account from now on, whatever address it has there.
  idp.accounts.set("tess", { email: "renamed@elsewhere.example", verified: false });
  assert.is(to(await byProvider(context, provider, "tess")), "/");

  // Another organization's provider says what it likes: it lets nobody in here.
  const stolen = await byProvider(context, rival, "olga");
  assert.is(to(stolen), "/#sign-in=several");
  assert.is(stolen.cookie, undefined);
  assert.is(to(await byProvider(context, rival, "tess")), "/#sign-in=unknown");

  // Another browser does not finish what this one began; neither does a changed state.
  const begun = await stand.ask("POST", "/api/v1/sign-in/oidc", { body: { provider } });
  const back = await throughProvider(begun.json.data.url, "tess");
  const foreign = await stand.ask("GET", `${back.pathname}${back.search}`, {});
  assert.is(to(foreign), "/#sign-in=unauthorized");
  const forged = await byProvider(context, provider, "tess", {
    forge: (url) => url.searchParams.set("state", "another"),
  });
  assert.is(to(forged), "/#sign-in=unauthorized");
});

test("what a stranger set up with somebody's address opens nothing once its owner came", async (context) => {
  const { stand, olga, idp } = context;
  const made = await addPerson(context, olga, "vera@a.example", "link");
  // Whoever was shown the link chose a password: the mailbox was never shown to be theirs.
  const early = await stand.ask("POST", "/api/v1/activation", {
    body: { token: linkIn(made.invitation.url), password: PASSWORD },
  });
  const [provider] = (await stand.ask("GET", "/api/v1/settings/providers", { cookie: olga })).json
    .data;
  idp.accounts.set("vera", { email: "vera@a.example", verified: true });
  assert.is((await byProvider(context, provider.id, "vera")).headers.location, "/");
  assert.is((await stand.ask("GET", "/api/v1/me", { cookie: early.cookie as string })).status, 401);
  const again = { email: "vera@a.example", password: PASSWORD };
  assert.is((await stand.ask("POST", "/api/v1/sign-in", { body: again })).status, 401);
});

const receiver = (one: Loose): string => one.to.value[0].address;

/** So many of the mails behind `after` that are wanted, whatever else is still on its way. */
async function mailsOf(
  mail: MailStand,
  after: number,
  count: number,
  isWanted: (one: MailStand["got"][number]) => boolean,
): Promise<MailStand["got"]> {
  for (let n = after + count; ; n++) {
    const got = (await mail.arrived(n)).slice(after).filter(isWanted);
    if (got.length >= count) return got;
  }
}

/** What a hub says of an address: the same, whoever has it. */
const alike = (answer: Answer) => {
  const { data } = answer.json;
  return JSON.stringify([answer.status, Object.keys(data), data.email, data.next_email !== null]);
};

test("another address is one's own once its mailbox has confirmed it, and the old one is told", async (context) => {
  const { stand, mail, olga } = context;
  const made = await addPerson(context, olga, "wim@a.example", "link");
  const entered = await stand.ask("POST", "/api/v1/activation", {
    body: { token: linkIn(made.invitation.url), password: PASSWORD },
  });
  const cookie = entered.cookie as string;
  const ask = (email: string, password = PASSWORD) =>
    stand.ask("PUT", "/api/v1/me/email", { cookie, body: { email, password } });
  const shown = async () =>
    (await stand.ask("GET", "/api/v1/me/profile", { cookie })).json.data.next_email;
  assert.is((await ask("wim@new.example", OTHER)).status, 400, "not without the password");
  assert.is((await ask("WIM@a.example")).status, 400, "theirs already");
  const before = mail.got.length;
  assert.is((await ask("wim@new.example")).status, 202);
  assert.is(await shown(), "wim@new.example");
  const got = await mailsOf(mail, before, 2, (one) => receiver(one).startsWith("wim@"));
  const at = (address: string) => got.find((one) => receiver(one) === address);
  assert.is(at("wim@a.example")?.subject, "Another e-mail address was asked for");
  assert.not.match(at("wim@a.example")?.text ?? "", /#token=|new\.example/);
  const token = linkIn(at("wim@new.example")?.text);
  const look = await stand.ask("POST", "/api/v1/email/look", { body: { token } });
  const { email, first_name: firstName, organization, is_taken: isTaken } = look.json.data;
  assert.equal(
    [email, firstName, organization, isTaken],
    ["wim@new.example", "Mia", "Acme", false],
  );
  // Until then the old one signs in; and a mailed link of another kind confirms nothing.
  const enter = (address: string) =>
    stand.ask("POST", "/api/v1/sign-in", { body: { email: address, password: PASSWORD } });
  assert.is((await enter("wim@a.example")).status, 200);
  assert.is((await stand.ask("POST", "/api/v1/activation/look", { body: { token } })).status, 404);
  assert.is((await stand.ask("POST", "/api/v1/email", { body: { token } })).status, 204);
  assert.is((await stand.ask("POST", "/api/v1/email", { body: { token } })).status, 404);
  assert.is((await stand.ask("GET", "/api/v1/me", { cookie })).status, 401);
  assert.is((await enter("wim@a.example")).status, 401);
  assert.is((await enter("wim@new.example")).status, 200);
  const isTold = (one: Loose) => one.subject === "Your e-mail address was changed";
  const [told] = await mailsOf(mail, before, 1, isTold);
  assert.is(receiver(told), "wim@a.example");
  const wim = await stand.hub.hub.people.findByEmail(scope, "wim@new.example");
  assert.ok(wim?.emailVerifiedAt);
});

test("an address that was asked for is let go by taking it back, by another password and by time", async (context) => {
  const { stand, mail } = context;
  const entered = await stand.ask("POST", "/api/v1/sign-in", {
    body: { email: "wim@new.example", password: PASSWORD },
  });
  const cookie = entered.cookie as string;
  const ask = async () => {
    const before = mail.got.length;
    const body = { email: "wim@third.example", password: PASSWORD };
    const answer = await stand.ask("PUT", "/api/v1/me/email", { cookie, body });
    assert.is(answer.status, 202, answer.text);
    const isThere = (one: Loose) => receiver(one) === "wim@third.example";
    return linkIn((await mailsOf(mail, before, 1, isThere))[0]?.text);
  };
  const confirm = async (token: string | undefined) =>
    (await stand.ask("POST", "/api/v1/email", { body: { token } })).status;
  const first = await ask();
  assert.is((await stand.ask("DELETE", "/api/v1/me/email", { cookie, body: {} })).status, 204);
  assert.is((await stand.ask("DELETE", "/api/v1/me/email", { cookie, body: {} })).status, 404);
  assert.is(await confirm(first), 404);
  const second = await ask();
  const body = { old: PASSWORD, password: OTHER };
  assert.is((await stand.ask("PUT", "/api/v1/me/password", { cookie, body })).status, 200);
  assert.is(await confirm(second), 404);
  await stand.ask("PUT", "/api/v1/me/password", {
    cookie,
    body: { old: OTHER, password: PASSWORD },
  });
  await stand.clock.advance(7_200_001);
  const third = await ask();
  await stand.clock.advance(72 * 3_600_000);
  assert.is(await confirm(third), 404);
  assert.is((await stand.ask("GET", "/api/v1/me/profile", { cookie })).json.data.next_email, null);
});

test("nobody learns by asking for an address whether it is somebody's; its owner is told", async (context) => {
  const { stand, mail, olga, bert } = context;
  const rival = await stand.ask("POST", "/api/v1/people", {
    cookie: bert,
    body: {
      email: "xenia@b.example",
      role: "auditor",
      on: { kind: "organization" },
      activation: "link",
    },
  });
  const { id } = rival.json.data.person;
  const entered = await stand.ask("POST", "/api/v1/activation", {
    body: { token: linkIn(rival.json.data.invitation.url), password: PASSWORD },
  });
  const cookie = entered.cookie as string;
  const patch = (email: string, of = id) =>
    stand.ask("PATCH", `/api/v1/people/${of}`, { cookie: bert, body: { email } });
  const before = mail.got.length;
  const [free, known] = [await patch("nobody@c.example"), await patch("wim@new.example")];
  assert.is(alike(free), alike(known), known.text);
  assert.is(known.json.data.email, "xenia@b.example", "the one they sign in with");
  assert.is(known.json.data.next_email, "wim@new.example");
  // A link and a word to the old mailbox each time, and one more to the owner.
  const subjects = /^Please confirm|^Your e-mail address was given|^Another e-mail/;
  const isOurs = ({ subject = "" }) => subjects.test(subject);
  const got = await mailsOf(mail, before, 5, isOurs);
  assert.equal(got.map((one) => `${receiver(one)}: ${one.subject}`).sort(), [
    "nobody@c.example: Please confirm your e-mail address",
    "wim@new.example: Please confirm your e-mail address",
    "wim@new.example: Your e-mail address was given once more",
    "xenia@b.example: Another e-mail address was asked for",
    "xenia@b.example: Another e-mail address was asked for",
  ]);
  const mails = await stand.ask("GET", "/api/v1/mails", { cookie: bert });
  assert.not.ok(mails.json.data.some(({ kind }: Loose) => kind === "taken"));
  // Who opens the link has the mailbox: they are told, and nothing changes.
  const sent = got.filter((one) => receiver(one) === "wim@new.example");
  const token = sent.map(({ text }) => linkIn(text)).find((one) => one !== undefined);
  const look = await stand.ask("POST", "/api/v1/email/look", { body: { token } });
  assert.is(look.json.data.is_taken, true);
  const confirmed = await stand.ask("POST", "/api/v1/email", { body: { token } });
  assert.is(confirmed.json.reason, "taken", confirmed.text);
  assert.is((await stand.ask("GET", "/api/v1/me", { cookie })).status, 200);
  // One's own the same way.
  const own = (email: string) =>
    stand.ask("PUT", "/api/v1/me/email", { cookie, body: { email, password: PASSWORD } });
  const [ownFree, ownKnown] = [await own("nobody@d.example"), await own("wim@new.example")];
  assert.is(ownKnown.status, 202);
  assert.is(ownFree.text, ownKnown.text);
  await mailsOf(mail, before, 10, isOurs);
  // Of somebody they see they know it anyway.
  const seen = await addPerson(context, olga, "yara@a.example", "none");
  const clash = await stand.ask("PATCH", `/api/v1/people/${seen.person.id}`, {
    cookie: olga,
    body: { email: "wim@new.example" },
  });
  assert.is(clash.status, 409, clash.text);
});

test("who has not come yet gets another address at once, alike whether it is somebody's or not", async (context) => {
  const { stand, mail, bert } = context;
  const add = async (email: string) =>
    (
      await stand.ask("POST", "/api/v1/people", {
        cookie: bert,
        body: { email, role: "auditor", on: { kind: "organization" }, activation: "link" },
      })
    ).json.data;
  const patch = (id: string, email: string) =>
    stand.ask("PATCH", `/api/v1/people/${id}`, { cookie: bert, body: { email } });
  const [one, other] = [await add("typo@b.example"), await add("tipo@b.example")];
  const before = mail.got.length;
  const free = await patch(one.person.id, "zoe@b.example");
  const known = await patch(other.person.id, "wim@new.example");
  assert.equal([free.status, known.status], [200, 200], known.text);
  assert.is(known.json.data.email, "wim@new.example");
  const same = ({ json }: Answer) => {
    const { id: _i, email: _e, created_at: _c, memberships: _m, ...rest } = json.data;
    return rest;
  };
  assert.equal(same(free), same(known));
  const isTold = (one: Loose) => one.subject === "Your e-mail address was given once more";
  const [told] = await mailsOf(mail, before, 1, isTold);
  assert.is(receiver(told), "wim@new.example");
  // Given once more it is neither taken nor lost; the earlier invitation ended in both.
  assert.is((await patch(other.person.id, "WIM@new.example")).status, 200);
  for (const { invitation } of [one, other])
    assert.is(
      (
        await stand.ask("POST", "/api/v1/activation/look", {
          body: { token: linkIn(invitation.url) },
        })
      ).status,
      404,
    );
  const wim = await stand.hub.hub.people.findByEmail(scope, "wim@new.example");
  assert.is(wim?.memberships.length, 1, "nothing became of them without their doing");
});

test("no secret of any way in is in the log", ({ stand, mail }) => {
  const logged = stand.logged.join("\n");
  for (const secret of [PASSWORD, OTHER, "s3cret", "a secret of theirs"])
    assert.not.ok(logged.includes(secret), secret);
  for (const { text } of mail.got) {
    const token = linkIn(text);
    if (token !== undefined) assert.not.ok(logged.includes(token));
  }
});

test.run();
