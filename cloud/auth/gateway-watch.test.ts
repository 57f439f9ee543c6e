import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadExample, openStand, type Stand, type TestGateway } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import { withdraw } from "#cloud/hub/withdraw.ts";
import { databaseName, monthOf } from "#shared/model/database-names.ts";
import type { Epoch, TenantName, WriterId } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { packSegment } from "#shared/series/segment.ts";
import { keptUplink } from "#shared/testing/kept-uplinks.ts";

const test = suite<{
  stand: Stand;
  tenant: TenantName;
  month: string;
  old: TestGateway;
  sibling: TestGateway;
  heir: TestGateway;
  stranger: TestGateway;
}>("what a withdrawn gateway left");

test.before(async (context) => {
  const stand = await openStand();
  const [tenant, other] = [stand.tenant("river"), stand.tenant("hill")];
  await load(stand.hub.hub, loadExample(tenant));
  await load(stand.hub.hub, loadExample(other));
  const [old, sibling, heir, stranger] = [
    await stand.enrolled(tenant),
    await stand.enrolled(tenant),
    await stand.enrolled(tenant),
    await stand.enrolled(other),
  ];
  await withdraw(stand.hub.hub, systemScope("test"), old.id, "replaced");
  const month = monthOf(stand.clock.now());
  Object.assign(context, { stand, tenant, month, old, sibling, heir, stranger });
});
test.after(({ stand }) => stand.close());

const segment = ({ id }: TestGateway, tenths: number) => ({
  ...packSegment(
    {
      writer: id as string as WriterId,
      epoch: "00000001-0123456789abcdef" as Epoch,
      seq: 0,
      prev: null,
      before: 0,
      inbox: { from: 1, to: 1 },
    },
    [keptUplink(Date.UTC(2026, 10, 23), tenths)],
  ),
  _rev: `1-${"a".repeat(32)}`,
});

test("is brought by others of its community, once, as it was; of one that is let in nobody else brings anything", async (context) => {
  const { stand, tenant, month, old, sibling, heir, stranger } = context;
  const ask = async (who: TestGateway, path: string, body: object) => {
    const answer = await stand.ask("POST", `/api/v1/gateways/${path}`, {
      body: { tenant, ...body },
      headers: { authorization: `Bearer ${await stand.token(who)}` },
    });
    return { status: answer.status, data: answer.json?.data };
  };
  const bring = (who: TestGateway, writer: TestGateway, doc: object) =>
    ask(who, "returned", { month, writer: writer.id, docs: [doc] });

  const told = await ask(heir, "inherited", { writers: [old.id, sibling.id, stranger.id] });
  assert.equal(told.data.writers, [old.id]);
  const mine = segment(old, 201);
  const lacking = await ask(heir, "lacking", {
    month,
    writer: old.id,
    ids: [mine._id, segment(sibling, 201)._id],
  });
  assert.equal(lacking.data, [mine._id]);

  assert.is((await bring(stranger, old, mine)).status, 403, "another community's");
  assert.is((await bring(heir, sibling, segment(sibling, 201))).status, 403, "it is let in");
  assert.is((await bring(heir, stranger, segment(stranger, 201))).status, 403);
  assert.is((await bring(heir, old, segment(sibling, 201))).status, 400, "another writer's");
  assert.is((await bring(heir, old, { ...mine, _rev: `2-${"a".repeat(32)}` })).status, 400);
  const database = await stand.hub.hub.databases.open(databaseName.tele(tenant, month));
  assert.equal(await database.ids({ from: "s:", to: "s:\uffff" }), [], "nothing was written");

  assert.equal((await bring(heir, old, mine)).data, { segments: 1 });
  assert.equal((await bring(heir, heir, segment(heir, 201))).data, { segments: 1 }, "its own");
  assert.equal((await bring(sibling, old, mine)).data, { segments: 0 });
  assert.is((await bring(sibling, old, segment(old, 999))).status, 409, "it says something else");
  const { data } = await ask(heir, "lacking", { month, writer: old.id, ids: [mine._id] });
  assert.equal(data, []);
});

test.run();
