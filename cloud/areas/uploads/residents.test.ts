import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadExample, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";

const couchdbUrl = process.env.COUCHDB_URL;

interface Context {
  stand: Stand;
  cookie: string;
  tenant: string;
}
const test = suite<Context>("uploads of residents");

test.before.each(async (context) => {
  context.stand = await openStand(couchdbUrl);
  context.tenant = context.stand.tenant("riverside");
  context.cookie = await context.stand.operator("olga@a.example");
  await load(context.stand.hub.hub, loadExample(context.tenant));
});
test.after.each(async ({ stand }) => {
  await stand.close();
});

const get = async ({ stand, cookie }: Context, path: string) =>
  (await stand.ask("GET", `/api/v1${path}`, { cookie })).json;

async function send(context: Context, file: string, query = "") {
  const { stand, cookie, tenant } = context;
  const path = `/api/v1/uploads/residents?community=${tenant}${query}`;
  const answer = await fetch(`http://127.0.0.1:${stand.hub.port}${path}`, {
    method: "POST",
    headers: { cookie, "content-type": "text/csv", host: "localhost" },
    body: file,
  });
  const { data } = await answer.json();
  assert.is(answer.status, 202);
  for (let said = data; ;) {
    if (said.state !== "running") {
      const rows = (await get(context, `/uploads/${said.id}/rows?limit=500`)).data as Loose[];
      return { said, rows };
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    said = (await get(context, `/uploads/${said.id}`)).data;
  }
}

const HEAD =
  "community;email;first_name;last_name;phone;building;unit;move_in;move_out;language;send_invitation;external_id";
const FILE = [
  HEAD,
  ";dora@example.org;Dora;Nguyen;+34 600 111 222;South;2A;2026-10-01;;es;yes;R-1",
  ";;Emil;Novak;;South;2A;2026-10-01;;de;;",
  ";Ben.F@example.org;Ben;Fitzwilliam;;South;2B;2026-11-01;;;;",
  ";no-address;Fay;X;;;;;;;;",
  ";gus@example.org;Gus;Y;;South;2C;2026-11-02;2026-11-01;;;",
  ";hal@example.org;Hal;Z;;South;2D;01.11.2026;;xx;;",
].join("\n");

test("people and homes are tried without a trace, made row by row, and the same file again changes nothing", async (context) => {
  const { stand } = context;
  const before = (await get(context, "/people")).total;
  const tried = await send(context, FILE, "&dry_run=true");
  const outcomes = ["created", "created", "updated", "failed", "failed", "failed"];
  assert.equal(
    tried.rows.map(({ outcome }) => outcome),
    outcomes,
  );
  assert.is((await get(context, "/people")).total, before, "a dry run wrote somebody");

  const done = await send(context, FILE);
  assert.equal(
    done.rows.map(({ outcome }) => outcome),
    outcomes,
    JSON.stringify(done.rows),
  );
  assert.equal(
    done.rows.slice(3).map(({ errors }) => errors[0].column),
    ["email", "move_out", "language"],
  );
  assert.not.ok(
    /dora|nguyen|fay|no-address/i.test(JSON.stringify(done.rows)),
    "a name is told back",
  );

  const [dora] = (await get(context, "/people?q=600111222")).data;
  assert.equal(
    [dora.email, dora.language, dora.external_id, dora.status, dora.memberships[0].role],
    ["dora@example.org", "es", "R-1", "invited", "resident"],
  );
  assert.equal(
    dora.memberships[0].units.map(({ name, from }: Loose) => [name, from]),
    [["2A", "2026-09-30T22:00:00.000Z"]],
    "from the beginning of the day where the building stands",
  );
  const [ben] = (await get(context, "/people?q=fitzwilliam")).data;
  assert.equal(ben.memberships.length, 1, "who is a resident already does not become one twice");
  assert.ok(ben.memberships[0].units.some(({ name }: Loose) => name === "2B"));

  const again = await send(context, FILE);
  assert.equal(
    [again.said.created, again.said.updated, again.said.unchanged],
    [0, 0, 3],
    JSON.stringify(again.rows),
  );
  assert.not.ok(/nguyen/i.test(stand.logged.join("")), "a name is in the log");
});

test("an upload of residents is taken back: who it brought goes, who was there stays", async (context) => {
  const { stand, cookie } = context;
  const before = await get(context, "/people");
  const done = await send(context, FILE);
  const undone = await stand.ask("POST", `/api/v1/uploads/${done.said.id}/undo`, {
    cookie,
    body: {},
  });
  assert.is(undone.json.data.removed, 2, undone.text);
  const after = await get(context, "/people");
  assert.equal(
    after.data.map(({ id }: Loose) => id).sort(),
    before.data.map(({ id }: Loose) => id).sort(),
  );
  const [ben] = (await get(context, "/people?q=fitzwilliam")).data;
  assert.not.ok(ben.memberships[0].units.some(({ name }: Loose) => name === "2B"));
  const names = (await get(context, "/units")).data.map(({ name }: Loose) => name);
  assert.equal(names.sort(), ["1A", "1B"], "homes it made and nobody lives in are gone");
});

test("an address that is somebody's elsewhere gives nothing away", async (context) => {
  const { stand } = context;
  const rival = loadExample(stand.tenant("rival"));
  rival.organization.name = "Rival";
  (rival.communities[0] as Loose).residents[0].email = "iris@example.org";
  await load(stand.hub.hub, rival, { newOrganization: true });
  const done = await send(context, `${HEAD}\n;iris@example.org;Iris;Here;;;1B;2026-11-01;;;;`);
  assert.equal([done.said.created, done.rows[0].errors], [1, []]);
  const [iris] = (await get(context, "/people?q=iris")).data;
  assert.equal([iris.first_name, iris.memberships.length], ["Iris", 1]);
});

test("the template is what it says it reads", async (context) => {
  const { stand, cookie } = context;
  const csv = await stand.ask("GET", "/api/v1/uploads/residents/template", { cookie });
  assert.ok(csv.text.includes(HEAD));
  const sent = await send(context, csv.text);
  assert.equal([sent.said.rows, sent.said.skipped], [1, 1]);
});

test.run();
