/**
 * The isolation matrix: every route of the hub × who asks × whose thing it is. The routes come
 * from the application itself, so one that nobody has put into the matrix fails the test.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { devEui, loadExample, openStand, type Answer, type Stand } from "./hub-stand.ts";
import { load } from "./hub/load/load.ts";

/** Who asks: how their request is made up. */
interface Asker {
  readonly cookie?: string;
  readonly headers?: Record<string, string>;
}
const askers = [
  "nobody",
  "operator of A",
  "operator of B",
  "rubbish",
  "resident",
  "gateway of A",
  "gateway of B",
] as const;
type AskerName = (typeof askers)[number];

/** Ids as the operator of A sees them; `missing` is well formed and nowhere. */
interface Ids {
  readonly devEui: string;
  readonly community: string;
  readonly tenant: string;
}
type Whose = "own" | "foreign" | "missing";

/** What a guarded route says to whom; "page" = a list that has only what is the asker's. */
interface Row {
  /** Each way to ask it; `ids` are own, foreign or missing, seen from A. */
  readonly asks: (ids: Ids) => readonly string[];
  /** True when a foreign or missing id in it is "not found"; without, only the list is cut. */
  readonly namesThings?: true;
}

/** Routes that people reach signed in. */
const guarded: Record<string, Row> = {
  "GET /api/v1/me": { asks: () => ["/api/v1/me"] },
  "GET /api/v1/customers": {
    asks: () => ["/api/v1/customers", "/api/v1/customers?limit=500&offset=0"],
  },
  "GET /api/v1/devices": {
    asks: () => [
      "/api/v1/devices",
      "/api/v1/devices?limit=500",
      "/api/v1/devices?status=offline",
      "/api/v1/devices?status=never&q=water",
    ],
  },
  "GET /api/v1/devices (community)": {
    namesThings: true,
    asks: ({ community, tenant }) => [
      `/api/v1/devices?community=${community}`,
      `/api/v1/devices?community=${tenant}`,
      `/api/v1/devices?community=${community}&q=water&status=offline&limit=1`,
    ],
  },
  "GET /api/v1/devices/:dev_eui": {
    namesThings: true,
    asks: ({ devEui }) => [`/api/v1/devices/${devEui}`, `/api/v1/devices/${devEui.toUpperCase()}`],
  },
  "GET /api/v1/unregistered": { asks: () => ["/api/v1/unregistered"] },
  "GET /api/v1/gateways": { asks: () => ["/api/v1/gateways"] },
  "GET /api/v1/overview": { asks: () => ["/api/v1/overview"] },
  "GET /api/v1/live": { asks: () => ["/api/v1/live"] },
};

/** Routes that anybody reaches, and what they say to a request without anything; none says anything of a community. */
const open: Record<string, { path: string; body?: unknown; status: number }> = {
  "GET /ping": { path: "/ping", status: 200 },
  "GET /health": { path: "/health", status: 200 },
  "GET /metrics": { path: "/metrics", status: 200 },
  "GET /": { path: "/", status: 200 },
  "GET /api/v1/setup/:token": { path: "/api/v1/setup/none", status: 200 },
  "POST /api/v1/setup": { path: "/api/v1/setup", body: {}, status: 400 },
  "POST /api/v1/sign-in": {
    path: "/api/v1/sign-in",
    body: { email: "x@example.org", password: "y" },
    status: 401,
  },
  "POST /api/v1/sign-out": { path: "/api/v1/sign-out", body: {}, status: 204 },
  "POST /api/v1/gateways/token": {
    path: "/api/v1/gateways/token",
    body: { assertion: "x" },
    status: 401,
  },
};

/** Databases and methods tried at the gateways' door. */
const databasesOf = ({ tenant }: Ids) => [`t-${tenant}-site-1`];

const test = suite<{
  stand: Stand;
  who: Record<AskerName, Asker>;
  ids: Record<Whose, Ids>;
  secrets: Record<"A" | "B", string[]>;
}>("isolation matrix");

test.before(async (context) => {
  const stand = await openStand();
  const [a, b] = [stand.tenant("alpha"), stand.tenant("beta")];
  const { hub } = stand.hub;
  const cookieA = await stand.operator("olga@a.example", undefined);
  await load(hub, loadExample(a));
  const rival = loadExample(b);
  rival.organization.name = "Rival";
  (rival.communities[0] as { name: string }).name = "Brookside";
  await load(hub, rival, { newOrganization: true });
  const cookieB = await stand.operator("bert@b.example", "Rival");
  const [gatewayA, gatewayB] = [await stand.enrolled(a), await stand.enrolled(b)];
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  const communities = await hub.communities.list({ kind: "system", part: "test" });
  const idsOf = (tenant: string): Ids => ({
    tenant,
    devEui: devEui(tenant, 1),
    community: communities.find((one) => one.tenant === tenant)?.communityId as string,
  });
  context.stand = stand;
  context.who = {
    nobody: {},
    "operator of A": { cookie: cookieA },
    "operator of B": { cookie: cookieB },
    rubbish: { cookie: "riser_signin=../../../etc/passwd" },
    // A resident signs in on a gateway: that token is nothing here.
    resident: { cookie: `riser_signin=${"A".repeat(43)}` },
    "gateway of A": bearer(await stand.token(gatewayA)),
    "gateway of B": bearer(await stand.token(gatewayB)),
  };
  context.ids = {
    own: idsOf(a),
    foreign: idsOf(b),
    missing: { tenant: "nowhere", devEui: "ffffffffffffffff", community: "c-0000000000000000" },
  };
  const marks = (tenant: string, gateway: string, name: string) => [
    tenant,
    devEui(tenant, 1),
    devEui(tenant, 2),
    gateway,
    name,
    idsOf(tenant).community,
  ];
  context.secrets = {
    A: marks(a, gatewayA.id, "Riverside"),
    B: marks(b, gatewayB.id, "Brookside"),
  };
});
test.after(async ({ stand }) => {
  await stand.close();
});

test("every route of the application is in the matrix", ({ stand }) => {
  const routes = new Set(
    stand.hub.app.routes
      .filter(({ method, path }) => method !== "ALL" && !path.startsWith("/sync"))
      .map(({ method, path }) => `${method} ${path}`),
  );
  const known = new Set([
    ...Object.keys(guarded).map((name) => name.replace(/ \(.*/, "")),
    ...Object.keys(open),
  ]);
  assert.equal(
    [...routes].filter((route) => !known.has(route)),
    [],
    "routes that nobody has put into the matrix",
  );
  assert.equal(
    [...known].filter((route) => !routes.has(route)),
    [],
    "rows of routes that are gone",
  );
});

test("routes without a sign-in say the same to everybody, and nothing of a community", async ({
  stand,
  who,
  secrets,
}) => {
  for (const [name, { path, body, status }] of Object.entries(open)) {
    const method = name.split(" ")[0] as string;
    const answer = await stand.ask(method, path, body === undefined ? {} : { body });
    assert.is(answer.status, status, name);
    assert.equal(leaks(answer, [...secrets.A, ...secrets.B]), [], name);
    for (const asker of ["rubbish", "resident"] as const) {
      const other = await stand.ask(method, path, {
        ...who[asker],
        ...(body === undefined ? {} : { body }),
      });
      // Guessing gets slow for everybody alike.
      assert.ok([status, 429].includes(other.status), `${name} as ${asker}`);
    }
  }
});

for (const [name, { asks, namesThings }] of Object.entries(guarded)) {
  test(`${name}: nobody but an operator gets in`, async ({ stand, who, ids }) => {
    for (const asker of ["nobody", "rubbish", "resident", "gateway of A", "gateway of B"] as const)
      for (const whose of ["own", "foreign", "missing"] as const)
        for (const path of asks(ids[whose])) {
          const answer = await stand.ask("GET", path, who[asker]);
          assert.is(answer.status, 401, `${asker}: ${path}`);
          assert.is(answer.json.code, "unauthorized");
        }
  });
  test(`${name}: an operator sees what is theirs, and nothing of the other`, async ({
    stand,
    who,
    ids,
    secrets,
  }) => {
    const sides = [
      { asker: who["operator of A"], own: ids.own, foreign: ids.foreign, hidden: secrets.B },
      { asker: who["operator of B"], own: ids.foreign, foreign: ids.own, hidden: secrets.A },
    ];
    for (const { asker, own, foreign, hidden } of sides) {
      for (const path of asks(own)) {
        const answer = await stand.ask("GET", path, asker);
        assert.is(answer.status, 200, path);
        assert.equal(leaks(answer, hidden), [], path);
      }
      if (!namesThings) continue;
      const refusals = [];
      for (const other of [foreign, ids.missing])
        for (const path of asks(other)) {
          const answer = await stand.ask("GET", path, asker);
          assert.is(answer.status, 404, path);
          assert.equal(leaks(answer, hidden), [], path);
          refusals.push(answer.text);
        }
      assert.is(new Set(refusals).size, 1, "what is foreign cannot be told from what is not there");
    }
  });
}

test("no other method does anything on a guarded route", async ({ stand, who, ids }) => {
  for (const { asks } of Object.values(guarded))
    for (const method of ["POST", "PUT", "PATCH", "DELETE"])
      for (const asker of askers) {
        const answer = await stand.ask(method, asks(ids.own)[0] as string, who[asker]);
        assert.ok(
          [401, 404].includes(answer.status),
          `${method} ${asks(ids.own)[0]} as ${asker}: ${answer.status}`,
        );
      }
});

test("only a gateway passes its door, and only to its own databases", async ({
  stand,
  who,
  ids,
}) => {
  const month = new Date(stand.clock.now()).toISOString().slice(0, 7).replace("-", "");
  for (const asker of askers)
    for (const whose of ["own", "foreign", "missing"] as const)
      for (const name of [
        ...databasesOf(ids[whose]),
        `t-${ids[whose].tenant}-tele-${month}`,
        `t-${ids[whose].tenant}-events-${month}`,
      ]) {
        const { status } = await stand.ask("GET", `/sync/${name}`, who[asker]);
        const isTheirs =
          (asker === "gateway of A" && whose === "own") ||
          (asker === "gateway of B" && whose === "foreign");
        const wanted = !asker.startsWith("gateway") ? 401 : isTheirs ? 200 : 403;
        assert.is(status, wanted, `${asker} → ${name}`);
      }
  for (const name of ["riser", "roll", "_users", "_all_dbs", "o-0000000000000000"])
    for (const asker of askers)
      assert.is(
        (await stand.ask("GET", `/sync/${name}`, who[asker])).status,
        asker.startsWith("gateway") ? 403 : 401,
        `${asker} → ${name}`,
      );
});

/** Which of `marks` an answer gives away. */
function leaks(answer: Answer, marks: readonly string[]): string[] {
  const text = answer.text.toLowerCase();
  return marks.filter((mark) => text.includes(mark.toLowerCase()));
}

test.run();
