/**
 * The isolation matrix: every route of the hub × who asks × whose thing it is × each optional
 * parameter. The routes come from the application itself, so one that nobody has put into the
 * matrix fails the test. What each asker may is worked out from the roles table and where they
 * hold the role, apart from the code that decides it.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { keyScopes, rights, rightsOfKey, roles, type Right } from "#shared/model/roles.ts";
import type { Ask, Ids } from "./api/matrix.ts";
import type { Guard, Route } from "./api/route.ts";
import { areas } from "./areas/list.ts";
import { matrixRows } from "./areas/matrix-list.ts";
import { devEui, loadExample, openStand, type Answer, type Stand } from "./hub-stand.ts";
import { load } from "./hub/load/load.ts";
import { matrixPeople, type AskerName, type MatrixPeople } from "./matrix-people.ts";

type Whose = "own" | "sibling" | "foreign" | "missing";
/** Who asks: the rights they have, and whose things they reach with them. */
interface Asker {
  readonly rights: readonly Right[];
  readonly reaches: readonly Whose[];
  /** Signs in, rather than bringing a key. */
  readonly isPerson: boolean;
}
const none: readonly Right[] = [];
const ofA: readonly Whose[] = ["own", "sibling"];
const askers = {
  "operator of A": { rights: roles.operator.rights, reaches: ofA, isPerson: true },
  "operator of B": { rights: roles.operator.rights, reaches: ["foreign"], isPerson: true },
  "admin of A1": { rights: roles.admin.rights, reaches: ["own"], isPerson: true },
  "admin of A2": { rights: roles.admin.rights, reaches: ["sibling"], isPerson: true },
  "support of A": { rights: roles.support.rights, reaches: ofA, isPerson: true },
  "auditor of A": { rights: roles.auditor.rights, reaches: ofA, isPerson: true },
  "installer of A1": { rights: roles.installer.rights, reaches: ["own"], isPerson: true },
  "installer of A1 whose time is over": { rights: none, reaches: [], isPerson: true },
  "somebody of A without a role": { rights: none, reaches: [], isPerson: true },
  "resident of A1": { rights: none, reaches: [], isPerson: true },
  "read key of A": { rights: keyScopes.read, reaches: ofA, isPerson: false },
  "ingest key of A": { rights: keyScopes.ingest, reaches: ofA, isPerson: false },
  "admin key of A": { rights: keyScopes.admin, reaches: ofA, isPerson: false },
  "admin key of A1": { rights: rightsOfKey("admin", false), reaches: ["own"], isPerson: false },
} as const satisfies Record<AskerName, Asker>;
const named = Object.entries(askers) as [AskerName, Asker][];
/** Those who are nobody here. */
const strangers = ["nobody", "rubbish", "gateway of A", "gateway of B", "wrong key"] as const;

const routes: readonly Route[] = areas.flatMap((area) => area.routes);
const label = ({ method, path }: Route) => `${method.toUpperCase()} ${path}`;
const isRight = (guard: Guard): guard is Right => (rights as readonly string[]).includes(guard);

const test = suite<{ stand: Stand; people: MatrixPeople; ids: Record<Whose, Ids> }>(
  "isolation matrix",
);

test.before(async (context) => {
  const stand = await openStand();
  const tenants = {
    own: stand.tenant("alpha"),
    sibling: stand.tenant("delta"),
    foreign: stand.tenant("beta"),
  };
  const { hub } = stand.hub;
  const operatorA = await stand.operator("olga@a.example", undefined);
  await load(hub, marked(tenants.own, "Riverside"));
  await load(hub, marked(tenants.sibling, "Hillside"));
  const rival = marked(tenants.foreign, "Brookside");
  rival.organization.name = "Rival";
  await load(hub, rival, { newOrganization: true });
  const operatorB = await stand.operator("bert@b.example", "Rival");
  context.stand = stand;
  context.people = await matrixPeople(stand, tenants, { operatorA, operatorB });
  context.ids = context.people.ids;
});
test.after(async ({ stand }) => {
  await stand.close();
});

test("every route of the application is in the matrix", ({ stand }) => {
  const served = new Set(
    stand.hub.app.routes
      .filter(({ method, path }) => method !== "ALL" && path.startsWith("/api/v1"))
      .map(({ method, path }) => `${method} ${path.slice("/api/v1".length)}`),
  );
  const known = new Set(Object.keys(matrixRows).map((name) => name.replace(/ \(.*/, "")));
  // Machines and documents: they have tests of their own below and in `hub/`.
  for (const machine of [
    "token",
    "claim",
    "watch",
    "months",
    "held",
    "inherited",
    "lacking",
    "returned",
  ])
    known.add(`POST /gateways/${machine}`);
  // What everybody may read, and says nothing of anybody.
  for (const open of ["ping", "health", "docs", "docs.css", "openapi.json", "client.ts"])
    known.add(`GET /${open}`);
  assert.equal(
    [...served].filter((one) => !known.has(one)),
    [],
    "routes without a row",
  );
  assert.equal(
    [...known].filter((one) => !served.has(one)),
    [],
    "rows of routes that are gone",
  );
});

for (const route of routes) {
  const rows = Object.entries(matrixRows).filter(
    ([name]) => name.replace(/ \(.*/, "") === label(route),
  );
  const isChange = route.method !== "get";
  if (route.right === "public") {
    test(`${label(route)}: says nothing of a community to anybody`, async ({ stand, people }) => {
      for (const [, { asks }] of rows)
        for (const ask of asks(people.ids.own))
          for (const stranger of strangers) {
            const answer = await send(stand, route, ask, people.strangers[stranger]);
            assert.equal(leaks(answer, Object.values(people.marks).flat()), [], stranger);
          }
    });
    continue;
  }
  for (const [name, { asks, isNobodys, tellsUnknown, alsoForbidden = [], ...row }] of rows) {
    const namesThings = row.namesThings ?? isNobodys;
    test(`${name}: nobody gets in without a sign-in or a key`, async ({ stand, people, ids }) => {
      for (const stranger of strangers)
        for (const ask of asks(ids.own)) {
          const answer = await send(stand, route, ask, people.strangers[stranger]);
          assert.is(answer.status, 401, `${stranger}: ${pathOf(ask)}`);
        }
    });
    test(`${name}: each role reaches what is theirs and learns of nothing else`, async ({
      stand,
      people,
      ids,
    }) => {
      for (const [asker, { rights: has, reaches, isPerson }] of named) {
        const may =
          route.right === "signed-in"
            ? isPerson
            : isRight(route.right) && has.includes(route.right) && reaches.length > 0;
        const isForbidden = !may || alsoForbidden.includes(asker);
        const refusals = new Set<string>();
        const tries = triedBy(isForbidden, namesThings ?? tellsUnknown).flatMap((whose) =>
          asks(ids[whose]).map((ask) => ({ whose, ask })),
        );
        await inParallel(tries, async ({ whose, ask }) => {
          const namesThese = namesThings ?? tellsUnknown;
          const isReached = !isNobodys && (!namesThese || reaches.includes(whose));
          // A change that would be made is tried where it is made, not here.
          if (isChange && isReached && !isForbidden && !tellsUnknown) return;
          const answer = await send(stand, route, ask, people.askers[asker]);
          const asked = Object.values(ids[whose]).filter((id) => JSON.stringify(ask).includes(id));
          const what = `${asker}, ${whose}: ${label(route)} ${pathOf(ask)}: ${answer.text.slice(0, 200)}`;
          const isAnswered = isReached || tellsUnknown === true;
          assert.is(answer.status, isForbidden ? 403 : isAnswered ? 200 : 404, what);
          const hidden = (Object.keys(people.marks) as (keyof MatrixPeople["marks"])[])
            .filter((side) => isForbidden || !reaches.includes(side))
            .filter(
              (side) => !(route.right === "signed-in" && reaches.length === 0 && side === "own"),
            )
            .flatMap((side) => people.marks[side])
            // What the asker said themselves.
            .filter((mark) => !tellsUnknown || !asked.includes(mark));
          assert.equal(leaks(answer, hidden), [], what);
          if (answer.status === 404) refusals.add(withoutRequest(answer.text));
          if (tellsUnknown && !isForbidden) {
            const said = asked.reduce((text, id) => text.replaceAll(id, "‹asked›"), answer.text);
            if (!isReached) refusals.add(said);
            assert.is(said.includes('"unknown":[]'), isReached, what);
          }
        });
        assert.ok(
          refusals.size < 2,
          `${asker}: what is foreign can be told from what is not there`,
        );
      }
    });
  }
}

test("a way that a path does not know is told of the path alone, whoever asks for whatever thing", async ({
  stand,
  people,
  ids,
}) => {
  const everybody = { ...people.strangers, ...people.askers };
  const told = new Map<string, Set<string>>();
  for (const route of routes) {
    const method = ["PUT", "DELETE", "PATCH", "POST"].find(
      (one) => !routes.some((other) => other.method.toUpperCase() === one && fits(other, route)),
    );
    if (method === undefined) continue;
    const rows = Object.entries(matrixRows).filter(
      ([name]) => name.replace(/ \(.*/, "") === label(route),
    );
    const said = told.get(route.path) ?? new Set();
    told.set(route.path, said);
    for (const [, { asks }] of rows)
      for (const whose of ["own", "foreign", "missing"] as const)
        for (const [asker, brings] of Object.entries(everybody)) {
          const [ask] = asks(ids[whose]);
          if (ask === undefined) continue;
          const [path] = pathOf(ask).split("?");
          const { status, headers, text } = await stand.ask(method, `/api/v1${path}`, brings);
          assert.is(status, 405, `${asker}, ${whose}: ${method} ${path}`);
          said.add(`${method} ${String(headers["allow"])} ${withoutRequest(text)}`);
        }
    assert.is(said.size, 1, `${method} ${route.path}`);
  }
  assert.ok(told.size > 100);
});

test("only a gateway passes its door, and only to its own databases", async ({
  stand,
  people,
  ids,
}) => {
  const month = new Date(stand.clock.now()).toISOString().slice(0, 7).replace("-", "");
  const everybody = { ...people.strangers, ...people.askers };
  for (const [asker, brings] of Object.entries(everybody))
    for (const whose of ["own", "foreign", "missing"] as const)
      for (const name of [
        `t-${ids[whose].tenant}-site-1`,
        `t-${ids[whose].tenant}-tele-${month}`,
        `t-${ids[whose].tenant}-events-${month}`,
      ]) {
        const { status } = await stand.ask("GET", `/sync/${name}`, brings);
        const isTheirs =
          (asker === "gateway of A" && whose === "own") ||
          (asker === "gateway of B" && whose === "foreign");
        const wanted = !asker.startsWith("gateway") ? 401 : isTheirs ? 200 : 403;
        assert.is(status, wanted, `${asker} → ${name}`);
      }
  for (const name of ["riser", "roll", "_users", "_all_dbs", "o-0000000000000000"])
    for (const [asker, brings] of Object.entries(everybody))
      assert.is(
        (await stand.ask("GET", `/sync/${name}`, brings)).status,
        asker.startsWith("gateway") ? 403 : 401,
        `${asker} → ${name}`,
      );
});

/** An example whose words are found again where they must not be. */
function marked(tenant: string, name: string) {
  const file = loadExample(tenant);
  (file.communities[0] as { name: string }).name = name;
  return file;
}

/** Whether a path of one is a path of the other, too: `/devices/upload` is also `/devices/:dev_eui`. */
function fits({ path }: Route, other: Route): boolean {
  const [left, right] = [path.split("/"), other.path.split("/")];
  return (
    left.length === right.length &&
    left.every((part, i) => part.startsWith(":") || part === right[i] || right[i]?.startsWith(":"))
  );
}

const pathOf = (ask: Ask) => (typeof ask === "string" ? ask : ask.path);

function send(
  stand: Stand,
  { method }: Route,
  ask: Ask,
  brings: MatrixPeople["askers"][AskerName],
): Promise<Answer> {
  const body = typeof ask === "string" ? {} : { body: ask.body };
  return stand.ask(method.toUpperCase(), `/api/v1${pathOf(ask)}`, { ...brings, ...body });
}

/** Whose things are asked for: where nothing is named, or nothing is allowed, fewer tell as much. */
function triedBy(isForbidden: boolean, namesThings: true | undefined): readonly Whose[] {
  if (!namesThings) return ["own"];
  return isForbidden ? ["own", "foreign"] : ["own", "sibling", "foreign", "missing"];
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** Which of `marks` an answer gives away. */
function leaks(answer: Answer, marks: readonly string[]): string[] {
  const text = answer.text.toLowerCase();
  return marks.filter((mark) => text.includes(mark.toLowerCase()));
}

const withoutRequest = (text: string) => text.replace(/"requestId":"[^"]*"/, "");

// Devices of the example are found by their own DevEUI, which the stand makes from the tenant.
test("the example's devices differ from community to community", ({ ids }) => {
  assert.is(ids.own.devEui, devEui(ids.own.tenant, 1));
  assert.is.not(ids.own.devEui, ids.sibling.devEui);
});

test.run();
