import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readSite, type Site } from "#shared/access/site.ts";
import { eventLog } from "#shared/couch/event-log.ts";
import { databaseName } from "#shared/model/database-names.ts";
import type { AnswerDoc } from "#shared/model/events/answer.ts";
import type { GatewayId, WriterId } from "#shared/model/ids.ts";
import type { Outcome } from "#shared/model/requests.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { PRESENT, siteExample, TENANT } from "#shared/testing/site-example.ts";
import { steerableClock } from "#shared/testing/steerable-clock.ts";
import { requestBook } from "#edge/requests/request-book.ts";
import { ownSettings } from "./own-settings.ts";

const GATEWAY = "gw-00112233445566aa" as GatewayId;
const START = Date.UTC(2026, 10, 23, 12);
const test = suite("own settings");

test("a change holds at once and waits; what the hub refuses is told until something else is asked for", async () => {
  const databases = openMemoryDatabases();
  const clock = steerableClock(START);
  const source = await databases.open(databaseName.site(TENANT, 1));
  await source.bulk(await siteExample());
  const site = (await readSite(source)) as Site;
  const requests = requestBook({
    gatewayId: GATEWAY,
    events: eventLog({
      databases,
      writer: GATEWAY as string as WriterId,
      month: () => "202611",
    }),
    local: await databases.open("local"),
    clock,
    hubKey: () => undefined,
    ownKey: {},
    openKeys: async () => new Map(),
    onChange: () => undefined,
    onUnsaid: () => undefined,
  });
  await requests.open(TENANT);
  let drawn = 0;
  const settings = ownSettings({
    sites: { get: () => requests.over(site, new Map()).site },
    requests,
    random: (size) => new Uint8Array(size).fill(++drawn),
  });
  const code = [...site.codes.values()].find((one) => one.residentId === PRESENT.residentId);
  if (!code) throw new Error("the example has no code for them");
  const who = {
    scope: { kind: "resident" as const, tenant: TENANT, residentId: PRESENT.residentId },
    site,
    code,
  };
  const answer = async (outcome: Outcome) => {
    const requestId = requests.of(TENANT).at(-1)?.requestId;
    const at = new Date(clock.now()).toISOString();
    const said = { _id: `e:hub:${requestId}`, v: 1, type: "answer", at, requestId, outcome };
    await requests.answered(TENANT, [said as unknown as AnswerDoc]);
  };
  const before = settings.of(who);
  assert.equal([before.is_waiting, before.is_refused], [false, false]);
  assert.is.not(before.language, "fr");

  const set = await settings.change(who, { language: "fr" });
  assert.equal([set.language, set.is_waiting, set.is_refused], ["fr", true, false]);
  await answer("refused");
  const refused = settings.of(who);
  assert.equal(
    [refused.language, refused.is_waiting, refused.is_refused],
    [before.language, false, true],
  );

  const again = await settings.change(who, { language: "es" });
  assert.equal([again.language, again.is_waiting, again.is_refused], ["es", true, false]);
  await answer("done");
  const done = settings.of(who);
  assert.equal([done.language, done.is_waiting, done.is_refused], ["es", false, false]);
  await databases.close();
});

test.run();
