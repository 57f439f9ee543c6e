/** People on a whole hub: who may do what to whom, and what comes of it. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openStand, loadExample, PASSWORD, type Stand, type Loose } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import { systemScope } from "#shared/model/scope.ts";

const scope = systemScope("test");
const OTHER = "silver meadow 42";

interface Context {
  stand: Stand;
  /** The operator's cookie. */
  olga: string;
  a1: string;
  a2: string;
  /** Another organization's operator. */
  bert: string;
  b1: string;
}
const test = suite<Context>("people");

test.before(async (context) => {
  const stand = await openStand(process.env.COUCHDB_URL);
  context.stand = stand;
  context.olga = await stand.operator("olga@a.example");
  const [own, sibling, foreign] = ["alpha", "delta", "beta"].map((name) => stand.tenant(name));
  await load(stand.hub.hub, loadExample(own as string));
  await load(stand.hub.hub, loadExample(sibling as string));
  const rival = loadExample(foreign as string);
  rival.organization.name = "Rival";
  for (const one of (rival.communities[0] as Loose).residents) delete one.email;
  await load(stand.hub.hub, rival, { newOrganization: true });
  context.bert = await stand.operator("bert@b.example", "Rival");
  const all = await stand.hub.hub.communities.list(scope);
  const idOf = (tenant: string | undefined) =>
    all.find((one) => one.tenant === tenant)?.communityId as string;
  [context.a1, context.a2, context.b1] = [idOf(own), idOf(sibling), idOf(foreign)];
});
test.after(async ({ stand }) => {
  await stand.close();
});

type Place = { kind: "organization" } | { kind: "community"; id: string };

/** Somebody new with a password, and the cookie they are signed in with. */
async function somebody(
  { stand }: Context,
  by: string,
  email: string,
  role: string,
  on: Place,
): Promise<{ id: string; cookie: string; membership: string }> {
  const made = await stand.ask("POST", "/api/v1/people", {
    cookie: by,
    body: { email, first_name: "Some", last_name: "Body", role, on, activation: "link" },
  });
  assert.is(made.status, 201, made.text);
  const { person, invitation } = made.json.data;
  const token = invitation.url.split("token=")[1];
  const entered = await stand.ask("POST", "/api/v1/activation", {
    body: { token, password: PASSWORD },
  });
  assert.is(entered.status, 200, entered.text);
  return {
    id: person.id,
    cookie: entered.cookie as string,
    membership: person.memberships[0].id,
  };
}

const whole = { kind: "organization" } as const;
const inOne = (id: string) => ({ kind: "community", id }) as const;

test("people are found while one types, by any of their words or digits", async (context) => {
  const { stand, olga, a1 } = context;
  const made = await stand.ask("POST", "/api/v1/people", {
    cookie: olga,
    body: {
      email: "Dora.Kubelik@example.org",
      first_name: "Dora",
      last_name: "Kubelík",
      phone: "+34 600 12-34-56",
      external_id: "CRM-778",
      role: "resident",
      on: inOne(a1),
    },
  });
  assert.is(made.status, 201, made.text);
  const { id } = made.json.data.person;
  const find = async (query: string) => {
    const answer = await stand.ask("GET", `/api/v1/people?${query}`, { cookie: olga });
    assert.is(answer.status, 200, answer.text);
    return answer.json.data.map((one: Loose) => one.id) as string[];
  };
  for (const q of [
    "dor",
    "kubel",
    "dora.kub",
    "600123456",
    "0034600",
    "600 12 34",
    "crm-778",
    "dora crm",
  ])
    assert.ok((await find(`q=${encodeURIComponent(q)}`)).includes(id), q);
  assert.not.ok((await find("q=dora+zebra")).includes(id));
  assert.ok((await find(`q=1A&community=${a1}`)).length >= 3, "by home");
  assert.ok((await find("role=resident&status=none")).includes(id));
  assert.not.ok((await find("role=operator")).includes(id));
  const page = await stand.ask("GET", "/api/v1/people?limit=2&offset=1&sort=-name", {
    cookie: olga,
  });
  assert.is(page.json.data.length, 2);
  assert.ok(page.json.total > 4);
});

test("a new person comes in by a link that works once, and chooses their password", async (context) => {
  const { stand, olga, a1 } = context;
  const made = await stand.ask("POST", "/api/v1/people", {
    cookie: olga,
    body: { email: "eva@a.example", role: "admin", on: inOne(a1), activation: "letter" },
  });
  const { invitation } = made.json.data;
  assert.match(invitation.letter_html, /<svg/);
  const token = invitation.url.split("token=")[1];
  const look = await stand.ask("POST", "/api/v1/activation/look", { body: { token } });
  assert.is(look.json.data.email, "eva@a.example");
  for (const password of ["password1234", "Acme-2026-2027"]) {
    const weak = await stand.ask("POST", "/api/v1/activation", { body: { token, password } });
    assert.is(weak.status, 400, password);
    assert.ok(weak.json.fields.password);
  }
  const body = { token, password: PASSWORD };
  assert.is((await stand.ask("POST", "/api/v1/activation", { body })).status, 200);
  assert.is((await stand.ask("POST", "/api/v1/activation", { body })).status, 404);
  const signedIn = await stand.ask("POST", "/api/v1/sign-in", {
    body: { email: "EVA@a.example", password: PASSWORD },
  });
  assert.is(signedIn.status, 200, signedIn.text);
});

test("an invitation that was renewed, revoked or is too old lets nobody in", async (context) => {
  const { stand, olga, a1 } = context;
  const made = await stand.ask("POST", "/api/v1/people", {
    cookie: olga,
    body: { email: "finn@a.example", role: "auditor", on: inOne(a1), activation: "link" },
  });
  const { person, invitation } = made.json.data;
  const first = invitation.url.split("token=")[1];
  const again = await stand.ask("POST", `/api/v1/people/${person.id}/invitation`, {
    cookie: olga,
    body: { way: "link", days: 1 },
  });
  const second = again.json.data.url.split("token=")[1];
  const enter = (token: string) =>
    stand.ask("POST", "/api/v1/activation", { body: { token, password: PASSWORD } });
  assert.is((await enter(first)).status, 404);
  await stand.clock.advance(86_400_001);
  assert.is((await enter(second)).status, 404);
  const third = await stand.ask("POST", `/api/v1/people/${person.id}/invitation`, {
    cookie: olga,
    body: { way: "link" },
  });
  const revoked = await stand.ask("DELETE", `/api/v1/people/${person.id}/invitation`, {
    cookie: olga,
  });
  assert.is(revoked.status, 204);
  assert.is((await enter(third.json.data.url.split("token=")[1])).status, 404);
});

test("a password typed twice works at once, and every sign-in ends", async (context) => {
  const { stand, olga, a1 } = context;
  const gil = await somebody(context, olga, "gil@a.example", "support", whole);
  assert.is((await stand.ask("GET", "/api/v1/me", { cookie: gil.cookie })).status, 200);
  const reset = (password_again: string, more = {}) =>
    stand.ask("POST", `/api/v1/people/${gil.id}/password`, {
      cookie: olga,
      body: { password: OTHER, password_again, ...more },
    });
  assert.is((await reset("something else 1")).status, 400);
  const named = { password: "gil.some-2026-27", password_again: "gil.some-2026-27" };
  const own = await stand.ask("POST", `/api/v1/people/${gil.id}/password`, {
    cookie: olga,
    body: named,
  });
  assert.match(own.json.detail, /made of the person's name/);
  const done = await reset(OTHER, { must_change: true });
  assert.is(done.json.data.sign_ins_ended, 1, done.text);
  assert.is((await stand.ask("GET", "/api/v1/me", { cookie: gil.cookie })).status, 401);
  const enter = (password: string) =>
    stand.ask("POST", "/api/v1/sign-in", { body: { email: "gil@a.example", password } });
  assert.is((await enter(PASSWORD)).status, 401);
  const entered = await enter(OTHER);
  assert.is(entered.json.data.must_change_password, true);
  const cookie = entered.cookie as string;
  const refused = await stand.ask("GET", "/api/v1/people", { cookie });
  assert.is(refused.status, 403, "nothing but the password until it is changed");
  const changed = await stand.ask("PUT", "/api/v1/me/password", {
    cookie,
    body: { old: OTHER, password: "quiet lantern 77" },
  });
  assert.is(changed.status, 200, changed.text);
  assert.is((await stand.ask("GET", "/api/v1/people", { cookie })).status, 200);
  assert.is((await stand.ask("GET", `/api/v1/people?community=${a1}`, { cookie })).status, 200);
});

test("a code that is handed over leads to a new password; the old one ends", async (context) => {
  const { stand, olga, a1 } = context;
  const hal = await somebody(context, olga, "hal@a.example", "admin", inOne(a1));
  const made = await stand.ask("POST", `/api/v1/people/${hal.id}/code`, { cookie: olga, body: {} });
  assert.match(made.json.data.code, /^(....-){3}....$/);
  assert.is((await stand.ask("GET", "/api/v1/me", { cookie: hal.cookie })).status, 401);
  const old = { email: "hal@a.example", password: PASSWORD };
  assert.is((await stand.ask("POST", "/api/v1/sign-in", { body: old })).status, 401);
  const body = { token: made.json.data.code.toLowerCase().replaceAll("-", " "), password: OTHER };
  assert.is((await stand.ask("POST", "/api/v1/activation", { body })).status, 200);
  const fresh = { email: "hal@a.example", password: OTHER };
  assert.is((await stand.ask("POST", "/api/v1/sign-in", { body: fresh })).status, 200);
});

test("somebody disabled is out at once and learns why only with the right password", async (context) => {
  const { stand, olga, a1 } = context;
  const ines = await somebody(context, olga, "ines@a.example", "admin", inOne(a1));
  const off = await stand.ask("POST", `/api/v1/people/${ines.id}/disable`, {
    cookie: olga,
    body: { reason: "left the company" },
  });
  assert.is(off.json.data.is_disabled, true, off.text);
  assert.is((await stand.ask("GET", "/api/v1/me", { cookie: ines.cookie })).status, 401);
  const enter = (password: string) =>
    stand.ask("POST", "/api/v1/sign-in", { body: { email: "ines@a.example", password } });
  assert.is((await enter("wrong horse 99")).status, 401);
  const told = await enter(PASSWORD);
  assert.is(told.status, 403);
  assert.match(told.json.detail, /disabled/);
  await stand.ask("POST", `/api/v1/people/${ines.id}/enable`, { cookie: olga, body: {} });
  assert.is((await enter(PASSWORD)).status, 200);
});

test("a disabled resident is shown as pending until their gateway holds the new state", async (context) => {
  const { stand, olga, a1 } = context;
  const { hub } = stand.hub;
  const community = await hub.communities.find(scope, a1);
  const gateway = await stand.enrolled(community.tenant);
  const cleo = (await hub.people.list(scope)).find(
    ({ firstName, memberships }) =>
      firstName === "Cleo" &&
      memberships.some(({ on }) => on.kind === "community" && on.communityId === a1),
  );
  const off = await stand.ask("POST", `/api/v1/people/${cleo?.personId}/disable`, {
    cookie: olga,
    body: {},
  });
  assert.equal(
    off.json.data.pending.map((one: Loose) => one.gateway_id),
    [gateway.id],
    off.text,
  );
  const site = await hub.databases.open(`t-${community.tenant}-site-${community.generation}`);
  const codes: Loose[] = await site.list({ from: "code:", to: "code:\uffff" });
  assert.is(codes.find(({ firstName }) => firstName === "Cleo").isDisabled, true);
  const at = new Date(stand.clock.now()).toISOString();
  const { projectedAt } = (await site.get("site")) as Loose;
  await (
    await hub.databases.open(`g-${gateway.id}`)
  ).put({
    _id: `health:${gateway.id}:${at.slice(0, 13)}`,
    type: "health",
    v: 1,
    gatewayId: gateway.id,
    at,
    version: "1",
    upMs: 1,
    rssBytes: 1,
    uplinksKept: 0,
    waiting: 0,
    sites: { [community.tenant]: community.generation },
    projections: { [community.tenant]: projectedAt },
  });
  const shown = await stand.ask("GET", `/api/v1/people/${cleo?.personId}`, { cookie: olga });
  assert.equal(shown.json.data.pending, []);
  assert.is(shown.json.data.status, "disabled");
  await stand.ask("POST", `/api/v1/people/${cleo?.personId}/enable`, { cookie: olga, body: {} });
});

test("nobody takes over an account above their own or elsewhere", async (context) => {
  const { stand, olga, bert, a1, a2 } = context;
  const admin = await somebody(context, olga, "jana@a.example", "admin", inOne(a1));
  const support = await somebody(context, olga, "kurt@a.example", "support", whole);
  const peer = await somebody(context, olga, "lara@a.example", "admin", inOne(a1));
  const olgaId = (await stand.ask("GET", "/api/v1/me", { cookie: olga })).json.data.person_id;
  const resetBody = { password: OTHER, password_again: OTHER };
  const tries: [
    why: string,
    by: string,
    method: string,
    path: string,
    body: unknown,
    is: number,
  ][] = [
    [
      "an admin does not see the operator",
      admin.cookie,
      "PATCH",
      `/people/${olgaId}`,
      { email: "x@y.example" },
      404,
    ],
    ["nor resets them", admin.cookie, "POST", `/people/${olgaId}/password`, resetBody, 404],
    [
      "an admin does not reset a peer",
      admin.cookie,
      "POST",
      `/people/${peer.id}/password`,
      resetBody,
      403,
    ],
    [
      "nor changes their address",
      admin.cookie,
      "PATCH",
      `/people/${peer.id}`,
      { email: "x@y.example" },
      403,
    ],
    [
      "support does not change people",
      support.cookie,
      "PATCH",
      `/people/${admin.id}`,
      { email: "x@y.example" },
      403,
    ],
    [
      "support does not reset an admin",
      support.cookie,
      "POST",
      `/people/${admin.id}/password`,
      resetBody,
      403,
    ],
    [
      "support does not reset an operator",
      support.cookie,
      "POST",
      `/people/${olgaId}/code`,
      {},
      403,
    ],
    [
      "support does not raise itself",
      support.cookie,
      "POST",
      `/people/${support.id}/memberships`,
      { role: "operator", on: whole },
      403,
    ],
    [
      "an admin gives no operator",
      admin.cookie,
      "POST",
      "/people",
      { email: "m@y.example", role: "operator", on: whole },
      403,
    ],
    [
      "nor an operator of a community",
      admin.cookie,
      "POST",
      "/people",
      { email: "m@y.example", role: "operator", on: inOne(a1) },
      400,
    ],
    [
      "nor a peer",
      admin.cookie,
      "POST",
      "/people",
      { email: "m@y.example", role: "admin", on: inOne(a1) },
      403,
    ],
    [
      "nor somebody in another community",
      admin.cookie,
      "POST",
      "/people",
      { role: "resident", on: inOne(a2) },
      404,
    ],
    [
      "an admin does not raise themselves",
      admin.cookie,
      "PATCH",
      `/people/${admin.id}/memberships/${admin.membership}`,
      { until: null },
      403,
    ],
    [
      "another organization sees nobody here",
      bert,
      "POST",
      `/people/${admin.id}/password`,
      resetBody,
      404,
    ],
    ["nor disables", bert, "POST", `/people/${olgaId}/disable`, {}, 404],
  ];
  for (const [why, cookie, method, path, body, status] of tries) {
    const answer = await stand.ask(method, `/api/v1${path}`, { cookie, body });
    assert.is(answer.status, status, `${why}: ${answer.text}`);
  }
});

/** Which fields there are, and which of them say nothing. */
const shapeOf = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(shapeOf)
    : value !== null && typeof value === "object"
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shapeOf(one)]))
      : value === null || typeof value === "boolean" || typeof value === "number"
        ? value
        : typeof value;

test("a key gives no role but a resident's and resets nobody above", async (context) => {
  const { stand, olga, a1 } = context;
  const { hub } = stand.hub;
  const { organizationId } = await hub.communities.find(scope, a1);
  const { text } = await hub.apiKeys.make(scope, {
    organizationId,
    communities: null,
    name: "integration",
    scopes: ["admin"],
    expiresAt: null,
  });
  const headers = { "x-api-key": text };
  const add = (role: string, on: Place) =>
    stand.ask("POST", "/api/v1/people", { headers, body: { role, on, first_name: "Key" } });
  assert.is((await add("admin", inOne(a1))).status, 403);
  assert.is((await add("operator", whole)).status, 403);
  assert.is((await add("auditor", whole)).status, 403);
  assert.is((await add("resident", inOne(a1))).status, 201);
  const nina = await somebody(context, olga, "nina@a.example", "auditor", whole);
  const reset = await stand.ask("POST", `/api/v1/people/${nina.id}/code`, { headers, body: {} });
  assert.is(reset.status, 403);
});

test("an address of somebody elsewhere is not told from a new one, and gives no way in", async (context) => {
  const { stand, bert, b1, olga } = context;
  const victim = await somebody(context, olga, "otto@a.example", "auditor", whole);
  const made = await stand.ask("POST", "/api/v1/people", {
    cookie: bert,
    body: {
      email: "otto@a.example",
      first_name: "Otto",
      last_name: "Guess",
      role: "admin",
      on: inOne(b1),
      activation: "link",
    },
  });
  assert.is(made.status, 201, made.text);
  const { person, invitation } = made.json.data;
  assert.is.not(person.id, victim.id);
  const token = invitation.url.split("token=")[1];
  const byBert = await stand.ask("POST", "/api/v1/activation/accept", {
    cookie: bert,
    body: { token },
  });
  assert.is(byBert.status, 403);
  // Otto accepts: one login, two organizations.
  const accepted = await stand.ask("POST", "/api/v1/activation/accept", {
    cookie: victim.cookie,
    body: { token },
  });
  assert.is(accepted.status, 204, accepted.text);
  const me = await stand.ask("GET", "/api/v1/me", { cookie: victim.cookie });
  assert.is(me.json.data.organizations.length, 2);
  const seen = await stand.ask("GET", `/api/v1/people/${victim.id}`, { cookie: bert });
  assert.is(seen.status, 200);
  assert.is(seen.json.data.memberships.length, 1, "of the other organization nothing is told");
  assert.is((await stand.ask("GET", `/api/v1/people/${person.id}`, { cookie: bert })).status, 404);
  // And neither organization can act on the whole person any more.
  for (const cookie of [bert, olga])
    assert.is(
      (await stand.ask("POST", `/api/v1/people/${victim.id}/code`, { cookie, body: {} })).status,
      403,
    );
  const moved = await stand.ask("PUT", "/api/v1/me/organization", {
    cookie: victim.cookie,
    body: { organization_id: me.json.data.organizations[1].id },
  });
  assert.is(moved.status, 204, moved.text);
  // Removed from here: the rest stays.
  const gone = await stand.ask("DELETE", `/api/v1/people/${victim.id}`, { cookie: bert });
  assert.is(gone.status, 204, gone.text);
  assert.is((await stand.ask("GET", "/api/v1/me", { cookie: victim.cookie })).status, 200);
});

test("whoever holds a link they made learns in no way whether the address is somebody's", async (context) => {
  const { stand, bert, b1, olga } = context;
  const victim = await somebody(context, olga, "orla@a.example", "auditor", whole);
  const invited = async (email: string) => {
    const made = await stand.ask("POST", "/api/v1/people", {
      cookie: bert,
      body: { email, first_name: "O", role: "auditor", on: inOne(b1), activation: "link" },
    });
    const { person, invitation } = made.json.data;
    return { id: person.id as string, email, token: invitation.url.split("token=")[1] as string };
  };
  /** What is answered, without what differs anyway. */
  const asks = async (ways: "activate" | "password" | "code", email: string) => {
    const { id, token } = await invited(email);
    const told: unknown[] = [];
    const ask = async (method: string, path: string, body?: unknown, cookie?: string) => {
      const answer = await stand.ask(method, `/api/v1${path}`, {
        ...(cookie === undefined ? {} : { cookie }),
        ...(body === undefined ? {} : { body }),
      });
      told.push([path.replace(id, "id"), answer.status, shapeOf(answer.json)]);
      return answer;
    };
    await ask("POST", "/activation/look", { token });
    const password = OTHER;
    if (ways === "activate") await ask("POST", "/activation", { token, password });
    if (ways === "password")
      await ask("POST", `/people/${id}/password`, { password, password_again: password }, bert);
    if (ways === "code") {
      const { code } = (await ask("POST", `/people/${id}/code`, {}, bert)).json.data;
      await ask("POST", "/activation/look", { token: code });
      await ask("POST", "/activation", { token: code, password });
    }
    const entered = await ask("POST", "/sign-in", { email, password });
    assert.is(entered.status, 200, entered.text);
    assert.equal(entered.json.data.organizations.length, 1, "theirs alone");
    assert.is(entered.json.data.email, email);
    await ask("GET", `/people/${id}`, undefined, bert);
    await ask("POST", "/people", { email, role: "auditor", on: inOne(b1) }, bert);
    await ask("PATCH", `/people/${id}`, { first_name: "P" }, bert);
    await ask("DELETE", `/people/${id}`, undefined, bert);
    return told;
  };
  for (const way of ["activate", "password", "code"] as const)
    assert.equal(await asks(way, "orla@a.example"), await asks(way, `free-${way}@c.example`), way);
  assert.is((await stand.ask("GET", "/api/v1/me", { cookie: victim.cookie })).status, 200);
});

test("who types the password they have already becomes one with who they are", async (context) => {
  const { stand, bert, b1, olga } = context;
  const known = await somebody(context, olga, "oda@a.example", "auditor", whole);
  const made = await stand.ask("POST", "/api/v1/people", {
    cookie: bert,
    body: { email: "oda@a.example", role: "auditor", on: inOne(b1), activation: "letter" },
  });
  const token = made.json.data.invitation.url.split("token=")[1];
  const body = { token, password: PASSWORD };
  const entered = await stand.ask("POST", "/api/v1/activation", { body });
  assert.is(entered.status, 200, entered.text);
  assert.equal(
    [entered.json.data.person_id, entered.json.data.organizations.length],
    [known.id, 2],
  );
});

test("without a mail server an operator hands over a link to another address", async (context) => {
  const { stand, bert, olga } = context;
  const victim = await somebody(context, olga, "otis@a.example", "auditor", whole);
  const mover = await somebody(context, bert, "bo@b.example", "auditor", whole);
  const linked = (email: string) =>
    stand.ask("POST", `/api/v1/people/${mover.id}/email`, { cookie: bert, body: { email } });
  const moveTo = async (email: string) => {
    const made = await linked(email);
    assert.is(made.status, 201, made.text);
    const row = await stand.ask("GET", `/api/v1/people/${mover.id}`, { cookie: bert });
    assert.is(row.json.data.next_email, email);
    const token = made.json.data.url.split("token=")[1];
    const look = await stand.ask("POST", "/api/v1/email/look", { body: { token } });
    const done = await stand.ask("POST", "/api/v1/email", { body: { token } });
    const again = await stand.ask("POST", "/api/v1/email", { body: { token } });
    const entered = await stand.ask("POST", "/api/v1/sign-in", {
      body: { email, password: PASSWORD },
    });
    return [look.json.data.is_taken, done.status, again.status, entered.status];
  };
  assert.equal(await moveTo("bo@new.example"), [false, 204, 404, 200]);
  const old = { email: "bo@b.example", password: PASSWORD };
  assert.is((await stand.ask("POST", "/api/v1/sign-in", { body: old })).status, 401);
  assert.equal(await moveTo("otis@a.example"), [false, 204, 404, 200], "told nobody");
  assert.is((await stand.ask("GET", "/api/v1/me", { cookie: victim.cookie })).status, 200);
  assert.is((await linked("otis@a.example")).status, 400, "theirs already");
  assert.is((await linked("no address")).status, 400);
  const told = await stand.ask("GET", `/api/v1/audit?for=${mover.id}&what=person.email-link`, {
    cookie: bert,
  });
  assert.ok(told.json.total >= 2);
  assert.not(told.text.includes("bo@new.example"), "the audit holds no address");
});

test("whoever sees a person in part is not shown their way in", async (context) => {
  const { stand, olga, a1, a2 } = context;
  const admin = await somebody(context, olga, "pia@a.example", "admin", inOne(a1));
  // Invited as an admin elsewhere, not yet come; a resident of A1 as well.
  const made = await stand.ask("POST", "/api/v1/people", {
    cookie: olga,
    body: { email: "quinn@a.example", role: "admin", on: inOne(a2) },
  });
  const { id } = made.json.data.person;
  await stand.ask("POST", `/api/v1/people/${id}/memberships`, {
    cookie: olga,
    body: { role: "resident", on: inOne(a1) },
  });
  const invite = (way: string) =>
    stand.ask("POST", `/api/v1/people/${id}/invitation`, { cookie: admin.cookie, body: { way } });
  assert.is((await invite("link")).status, 403);
  assert.is((await invite("letter")).status, 403);
  const mailed = await invite("mail");
  assert.is(mailed.status, 201);
  assert.is(mailed.json.data.url, null);
  const again = await stand.ask("POST", "/api/v1/people", {
    cookie: admin.cookie,
    body: { email: "quinn@a.example", role: "auditor", on: inOne(a1), activation: "link" },
  });
  assert.is(again.status, 403, again.text);
});

test("the last operator stays", async (context) => {
  const { stand, bert } = context;
  const me = (await stand.ask("GET", "/api/v1/me", { cookie: bert })).json.data.person_id;
  const details = await stand.ask("GET", `/api/v1/people/${me}`, { cookie: bert });
  const membership = details.json.data.memberships[0].id;
  const until = new Date(stand.clock.now() + 1000).toISOString();
  for (const [method, path, body] of [
    ["DELETE", `/people/${me}`, undefined],
    ["POST", `/people/${me}/disable`, {}],
    ["DELETE", `/people/${me}/memberships/${membership}`, undefined],
    ["PATCH", `/people/${me}/memberships/${membership}`, { role: "auditor" }],
    ["PATCH", `/people/${me}/memberships/${membership}`, { until }],
  ] as const) {
    const answer = await stand.ask(method, `/api/v1${path}`, { cookie: bert, body });
    assert.is(answer.status, 409, `${method} ${path}: ${answer.text}`);
  }
});

test("a person goes with their last role, their tenancies end, their code is gone", async (context) => {
  const { stand, olga, a1 } = context;
  const { hub } = stand.hub;
  const ben = (await hub.people.list(scope)).find(({ email }) => email === "ben.f@example.org");
  const id = ben?.personId as string;
  const preview = await stand.ask("POST", "/api/v1/people/deletion-preview", {
    cookie: olga,
    body: { ids: [id] },
  });
  const [shown] = preview.json.data.people;
  assert.equal(preview.json.data.unknown, []);
  assert.equal(
    [shown.goes, shown.memberships, shown.tenancies, shown.codes, shown.refused],
    [true, 2, 2, 2, null],
  );
  const answer = await stand.ask("POST", "/api/v1/people/delete", {
    cookie: olga,
    body: { ids: [id, "p-0000000000000000"] },
  });
  assert.equal(
    answer.json.data.outcomes.map(({ ok, code }: Loose) => [ok, code]),
    [
      [true, undefined],
      [false, "not_found"],
    ],
  );
  assert.is((await stand.ask("GET", `/api/v1/people/${id}`, { cookie: olga })).status, 404);
  const units = await hub.units.units.list(scope, a1 as Loose);
  const residentIds = new Set(ben?.memberships.map(({ residentId }) => residentId));
  const open = units
    .flatMap(({ tenancies }) => tenancies)
    .filter(({ residentId, to }) => residentIds.has(residentId) && to === undefined);
  assert.equal(open, []);
  const community = await hub.communities.find(scope, a1);
  const site = await hub.databases.open(`t-${community.tenant}-site-${community.generation}`);
  const codes: Loose[] = await site.list({ from: "code:", to: "code:\uffff" });
  assert.not.ok(codes.some(({ firstName }) => firstName === "Ben"));
  const fresh = await stand.ask("POST", "/api/v1/people", {
    cookie: olga,
    body: { email: "ben.f@example.org", role: "resident", on: inOne(a1) },
  });
  assert.is(fresh.status, 201, "the address is free again");
});

test("a preview of those who go answers for those who are here, and names the others alike", async (context) => {
  const { stand, olga, bert, a1 } = context;
  const { hub } = stand.hub;
  const foreign = (await stand.ask("GET", "/api/v1/me", { cookie: bert })).json.data.person_id;
  const made = await stand.ask("POST", "/api/v1/people", {
    cookie: olga,
    body: { email: "vera@a.example", role: "auditor", on: inOne(a1) },
  });
  const here = made.json.data.person.id;
  const missing = "p-0000000000000000";
  const asked = (ids: readonly string[]) =>
    stand.ask("POST", "/api/v1/people/deletion-preview", { cookie: olga, body: { ids } });
  const answer = await asked([missing, here, foreign, missing]);
  assert.is(answer.status, 200, answer.text);
  assert.equal(
    answer.json.data.people.map(({ id }: Loose) => id),
    [here],
  );
  assert.equal(answer.json.data.unknown, [missing, foreign]);
  const alike = async (id: string) => {
    const { status, text } = await asked([id]);
    return [status, text.replaceAll(id, "")];
  };
  assert.equal(await alike(foreign), await alike(missing));
  assert.equal((await asked([missing])).json.data, { people: [], unknown: [missing] });
  assert.is((await asked(["nobody"])).status, 400);
  assert.ok(await hub.people.find(scope, here), "nobody went");
});

test("a resident's code is renewed and revoked; the letter carries it", async (context) => {
  const { stand, olga, a1 } = context;
  const { hub } = stand.hub;
  const resident = (await hub.residents.list(scope, a1 as Loose)).find(({ ref }) => ref === "cleo");
  const id = resident?.residentId;
  const made = await stand.ask("POST", `/api/v1/residents/${id}/code`, {
    cookie: olga,
    body: {
      letter: {
        address: "http://riser.local",
        numeric_address: "http://192.168.4.1",
        wifi: { name: "Building", password: "a;b" },
      },
    },
  });
  assert.is(made.status, 201, made.text);
  const { code, letter_html: letter } = made.json.data;
  for (const part of [code, "http://riser.local", "http://192.168.4.1", "Building", 'lang="de"'])
    assert.ok(letter.includes(part), part);
  assert.is((letter.match(/<svg/g) ?? []).length, 2);
  const gone = await stand.ask("DELETE", `/api/v1/residents/${id}/code`, { cookie: olga });
  assert.is(gone.status, 200, gone.text);
  assert.is((await hub.residents.find(scope, id as string)).code, undefined);
  const logged = stand.logged.join("\n");
  assert.not.ok(logged.includes(code), "a code is never logged");
});

test("what was done to people is in the audit, without their names", async (context) => {
  const { stand, olga, a1 } = context;
  const { organizationId } = await stand.hub.hub.communities.find(scope, a1);
  const me = (await stand.ask("GET", "/api/v1/me", { cookie: olga })).json.data.person_id;
  const { rows } = await stand.hub.hub.audit.list(
    { kind: "organization", organizationId, by: me },
    { limit: 500 },
  );
  const said = new Set(rows.map(({ what }) => what));
  for (const what of [
    "person.make",
    "person.reset-password",
    "person.disable",
    "person.delete",
    "lan-code.make",
  ])
    assert.ok(said.has(what), what);
  const text = JSON.stringify(rows);
  for (const mark of ["kubel", "dora", "ines@", PASSWORD, OTHER, "600 12"])
    assert.not.ok(text.toLowerCase().includes(mark), mark);
  assert.ok(
    rows.some(({ what, reason }) => what === "person.disable" && reason === "left the company"),
  );
});

test.run();
