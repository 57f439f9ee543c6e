import { suite } from "uvu";
import * as assert from "uvu/assert";
import { loadExample, openStand, type Stand } from "#cloud/hub-stand.ts";
import { load } from "#cloud/hub/load/load.ts";
import { ClaimCode } from "#shared/model/claim-code.ts";
import { isFault } from "#shared/model/fault.ts";
import { makeClaimCode } from "./claim-code-command.ts";
import { claimGateway } from "./claim-gateway.ts";
import { enrol } from "./enrol.ts";

const test = suite<{ stand: Stand }>("claiming");

test.before(async (context) => {
  context.stand = await openStand();
});
test.after(({ stand }) => stand.close());

test("a machine whose work grew since the code for its successor was made is not replaced by half", async ({
  stand,
}) => {
  const [river, hill] = [stand.tenant("river"), stand.tenant("hill")];
  for (const tenant of [river, hill]) await load(stand.hub.hub, loadExample(tenant));
  const { hub } = stand.hub;
  const [old, successor] = [await stand.enrolled(river), await stand.gateway()];
  const code = async () =>
    ClaimCode.parse((await makeClaimCode(hub, { communities: [], replaces: old.id })).code);
  const early = await code();
  await enrol(hub, old.identity, { communities: [hill] });
  await claimGateway(hub, early, successor.identity).then(
    () => assert.unreachable("hill is left without a gateway"),
    (error: unknown) => assert.ok(isFault(error, "conflict"), String(error)),
  );
  assert.not.ok(hub.gateways.isRevoked(old.id), "it works on");
  const { communities } = await claimGateway(hub, await code(), successor.identity);
  assert.is(communities.length, 2);
  assert.ok(hub.gateways.isRevoked(old.id));
});

test.run();
