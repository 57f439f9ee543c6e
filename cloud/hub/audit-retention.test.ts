/** What is too old in the audit, on a whole hub. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openStand, type Loose, type Stand } from "#cloud/hub-stand.ts";
import type { OrganizationId, PersonId } from "#shared/model/ids.ts";
import type { HubScope } from "#shared/model/scope.ts";
import { auditRetention } from "./audit-retention.ts";

const DAY_MS = 86_400_000;

interface Context {
  stand: Stand;
  cookie: string;
  scope: HubScope;
}
const test = suite<Context>("audit retention");
test.before.each(async (context) => {
  context.stand = await openStand(process.env.COUCHDB_URL);
  context.cookie = await context.stand.operator("olga@a.example");
  const [organization] = await context.stand.hub.hub.registry.organizations();
  const organizationId = organization?.organizationId as OrganizationId;
  context.scope = { kind: "organization", organizationId, by: "p-0" as PersonId };
});
test.after.each(async ({ stand }) => {
  await stand.close();
});

/** One entry so many days ago. */
async function entry({ stand, scope }: Context, what: string, daysAgo: number): Promise<void> {
  const { organizationId } = scope as HubScope & { organizationId: OrganizationId };
  await stand.hub.hub.audit.add(
    {
      organizationId,
      communityId: null,
      by: { kind: "person", id: "p-1", roles: [] },
      assistant: null,
      forWhom: null,
      what,
      target: null,
      from: "192.0.2.7",
      result: "ok",
      requestId: "r",
    },
    {
      atMs: stand.clock.now() - daysAgo * DAY_MS,
      name: String(daysAgo).padStart(16, "0"),
    },
  );
}

const said = async ({ stand, scope }: Context, wanted: (what: string) => boolean = () => true) =>
  (await stand.hub.hub.audit.list(scope, { limit: 500 })).rows
    .map(({ what }) => what)
    .filter((what) => what !== "operator.set-up" && wanted(what));

test("entries go after their time and sign-ins much sooner; that they went is told", async (context) => {
  const { stand, scope } = context;
  await entry(context, "person.sign-in", 29);
  await entry(context, "person.sign-in", 32);
  await entry(context, "site.sign-in", 33);
  await entry(context, "device.assign", 360);
  await entry(context, "device.correct", 370);
  await entry(context, "device.register", 2000);
  const { run } = auditRetention(stand.hub.hub, { entryMonths: 12, signInDays: 30 });
  await run();
  assert.equal(await said(context), ["audit.forget", "person.sign-in", "device.assign"]);
  const { rows } = await stand.hub.hub.audit.list(scope, { limit: 500 });
  const told = rows.find(({ what }) => what === "audit.forget");
  const after: Loose = told?.after;
  assert.equal([after.entries, after.sign_ins], [2, 2]);
  const years = (await stand.hub.hub.databases.names()).filter((name) => name.includes("-audit-"));
  const old = new Date(stand.clock.now() - 2000 * DAY_MS).toISOString().slice(0, 4);
  assert.not.ok(
    years.some((name) => name.endsWith(old)),
    "a year that is over goes as a whole",
  );
});

test("a day later what has become too old goes too, and what came late", async (context) => {
  const { stand } = context;
  await entry(context, "person.sign-in", 29.5);
  await entry(context, "device.assign", 364);
  const { run } = auditRetention(stand.hub.hub, { entryMonths: 12, signInDays: 30 });
  await run();
  assert.equal(await said(context), ["person.sign-in", "device.assign"]);
  await entry(context, "site.sign-out", 80);
  await stand.clock.advance(2 * DAY_MS);
  await run();
  assert.equal(await said(context), ["audit.forget"]);
  await run();
  assert.is((await said(context)).length, 1, "nothing more to do, nothing more is told");
});

test("each organization decides within limits, and the hub does it by itself", async (context) => {
  const { stand, cookie } = context;
  const decide = (entry_months: number, sign_in_days: number) =>
    stand.ask("PATCH", "/api/v1/organization", {
      cookie,
      body: { audit_retention: { entry_months, sign_in_days } },
    });
  await entry(context, "person.sign-in", 100);
  await stand.clock.advance(3_600_001);
  const signIns = () => said(context, (what) => what === "person.sign-in");
  assert.equal(await signIns(), ["person.sign-in"], "half a year where nothing was decided");
  assert.is((await decide(11, 90)).status, 400);
  assert.is((await decide(24, 29)).status, 400);
  const decided = await decide(24, 90);
  assert.equal(decided.json.data.audit_retention, { entry_months: 24, sign_in_days: 90 });
  const forgotten = new Promise<void>((resolve) =>
    stand.hub.hub.audit.onAdded(({ what }) => {
      if (what === "audit.forget") resolve();
    }),
  );
  await stand.clock.advance(3_600_001);
  await forgotten;
  assert.equal(await signIns(), []);
});

test.run();
