import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadExample, openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import type { ClaimCheck } from "#shared/api/gateway-admin.ts";
import { ClaimCode } from "#shared/model/claim-code.ts";
import { toXlsx } from "#shared/sheets/write-xlsx.ts";

const couchdbUrl = process.env.COUCHDB_URL;

interface Context {
  stand: Stand;
  cookie: string;
  /** `tenant_name`s by name. */
  tenants: Record<string, string>;
}
const test = suite<Context>("claim codes for many");

test.before(async (context) => {
  const stand = await openStand(couchdbUrl);
  Object.assign(context, { stand, tenants: {} });
  context.cookie = await stand.operator("olga@example.org");
  const add = async (tenant: string, name: string, organization?: string) => {
    context.tenants[tenant] = stand.tenant(tenant);
    const file = loadExample(stand.tenant(tenant));
    (file.communities[0] as Loose).name = name;
    if (organization !== undefined) file.organization.name = organization;
    await load(stand.hub.hub, file, organization === undefined ? {} : { newOrganization: true });
  };
  await add("north", "North, upper part");
  await add("south", "South");
  await add("twin-one", "Twin");
  await add("twin-two", "Twin");
  await add("foreign", "Foreign", "Rival");
});
test.after(async ({ stand }) => {
  await stand.close();
});

const send = ({ stand, cookie }: Context, path: string, body: string | Uint8Array) =>
  fetch(`http://127.0.0.1:${stand.hub.port}/api/v1/gateways/claims/${path}`, {
    method: "POST",
    headers: { cookie, "content-type": "application/octet-stream", host: "localhost" },
    body: body as BodyInit,
  });
const check = async (context: Context, body: string | Uint8Array): Promise<ClaimCheck> => {
  const answer = await send(context, "check", body);
  assert.is(answer.status, 200);
  return (await answer.json()).data;
};
const make = ({ stand, cookie }: Context, body: unknown) =>
  stand.ask("POST", "/api/v1/gateways/claims/many", { cookie, body });
const open = async ({ stand, cookie }: Context) =>
  (await stand.ask("GET", "/api/v1/gateways/claims?limit=500", { cookie })).json.total as number;
/** What is said of each row, shortly. */
const told = ({ rows }: ClaimCheck) =>
  rows.map(({ line, label, communities, problems }) => [
    line,
    label,
    communities.map(({ name }) => name).join(" + "),
    problems.map(({ code, value }) => `${code} ${value}`.trim()).join(", "),
  ]);

test("each row of a file is looked at for itself, and nothing is made", async (context) => {
  const { tenants } = context;
  const before = await open(context);
  const file = [
    "Communities;Comment;Name",
    `${tenants["north"]};x;Cellar`,
    "North, upper part;;Roof",
    '"south | North, upper part";;"Two; of them"',
    "",
    "Twin;;Twin's",
    "Foreign;;F",
    "Nowhere;;F",
    ";;Empty",
    "South;;",
    `South;;${"x".repeat(121)}`,
  ].join("\r\n");
  const checked = await check(context, file);
  const north = "North, upper part";
  assert.equal(told(checked), [
    [2, "Cellar", north, ""],
    [3, "Roof", north, ""],
    [4, "Two; of them", `South + ${north}`, ""],
    [6, "Twin's", "", "ambiguous_community Twin"],
    [7, "F", "", "unknown_community Foreign"],
    [8, "F", "", "unknown_community Nowhere"],
    [9, "Empty", "", "no_community"],
    [10, "South", "South", ""],
    [11, "x".repeat(121), "South", `label_too_long ${"x".repeat(80)}`],
  ]);
  assert.equal(
    checked.rows.filter(({ warnings }) => warnings.length > 0).map(({ line }) => line),
    [7, 8],
    "the same name twice",
  );
  assert.is(await open(context), before);
});

test("columns without names are told apart, in either order, as text and as a workbook", async (context) => {
  const { tenants } = context;
  const rows = [
    ["North", ""],
    ["Cellar", tenants["south"] ?? ""],
    ["Attic", "South"],
  ];
  const wanted = ["Cellar", "Attic"];
  const labels = (checked: ClaimCheck) =>
    checked.rows.filter(({ problems }) => problems.length === 0).map(({ label }) => label);
  const text = rows.map((row) => row.join(",")).join("\n");
  assert.equal(labels(await check(context, text)), wanted);
  assert.equal(labels(await check(context, toXlsx("Gateways", rows))), wanted);
  const old = `South\n${tenants["south"]};Cellar\nSouth;Attic\n`;
  assert.equal(labels(await check(context, old)), ["South", ...wanted]);
});

test("a file that is none, has no column of communities or too many rows is refused with words", async (context) => {
  for (const [body, words] of [
    ["", "empty"],
    ["name\nCellar\n", "no column of communities"],
    ["name;communities\n", "no row"],
    [`name;communities\n${"a;South\n".repeat(1_001)}`, "more than 1000"],
  ] as const) {
    const answer = await send(context, "check", body);
    const problem = await answer.json();
    assert.equal([answer.status, problem.code], [400, "invalid"], body.slice(0, 40));
    assert.match(problem.detail, words);
  }
});

test("codes are made all or none, each good for its own communities and told once", async (context) => {
  const { stand, cookie, tenants } = context;
  const before = await open(context);
  const foreign = { claims: [{ communities: [tenants["south"]] }, { communities: ["foreign"] }] };
  const refused = await make(context, foreign);
  assert.equal([refused.status, await open(context)], [404, before]);
  assert.is((await make(context, { claims: [] })).status, 400);

  const { rows } = await check(
    context,
    `name;communities\nCellar;South\nRoof;South|${tenants["north"]}\n`,
  );
  const answer = await make(context, {
    claims: rows.map(({ label, communities }) => ({
      label,
      communities: communities.map(({ id }) => id),
    })),
    days: 30,
  });
  assert.is(answer.status, 201);
  const made = answer.json.data as Loose[];
  assert.equal(
    made.map(({ label }) => label),
    ["Cellar", "Roof"],
  );
  const { hub } = stand.hub;
  for (const [i, { code, communities, expires_at: until }] of made.entries()) {
    const gateway = await stand.gateway();
    const claim = await hub.gatewayClaims.find(ClaimCode.parse(code), gateway.id);
    assert.equal(claim.communities.toSorted(), communities.map(({ id }: Loose) => id).toSorted());
    assert.is(claim.communities.length, i + 1);
    assert.is(Date.parse(until) - stand.clock.now(), 30 * 86_400_000);
  }
  assert.is(await open(context), before + 2);
  const list = await stand.ask("GET", "/api/v1/gateways/claims", { cookie });
  for (const { code } of made) assert.not.ok(list.text.includes(code));
  const audit = await stand.ask("GET", "/api/v1/audit?what=claim.create", { cookie });
  assert.ok(audit.json.data.some(({ after }: Loose) => after?.count === 2));
});

test("the file of codes takes the same files, and nothing of one with a wrong row", async (context) => {
  const before = await open(context);
  const wrong = await send(context, "csv", "name;communities\nCellar;South\nRoof;Twin\n");
  assert.equal([wrong.status, (await wrong.json()).line], [400, 3]);
  assert.is(await open(context), before);
  const answer = await send(context, "csv", "name;communities\nCellar;South\nRoof;South\n");
  const lines = (await answer.text()).trim().split("\r\n");
  assert.is(lines.length, 3);
  assert.match(lines[2] ?? "", /^south-[0-9a-f]+;Roof;[0-9A-Z-]{11};/);
  assert.is(await open(context), before + 2);
});

test.run();
