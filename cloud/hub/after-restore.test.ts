import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  devEui,
  loadExample,
  openStand,
  PASSWORD,
  type Loose,
  type Stand,
} from "#cloud/hub-stand.ts";
import { makeClaimCode } from "#cloud/hub/claim-code-command.ts";
import { claimGateway } from "#cloud/hub/claim-gateway.ts";
import { load } from "#cloud/hub/load/load.ts";
import { ClaimCode } from "#shared/model/claim-code.ts";
import type { DeviceId, TenantName } from "#shared/model/ids.ts";
import { systemScope } from "#shared/model/scope.ts";
import { homeOf } from "./projection.ts";

const test = suite<Context>("after a restore");
const scope = systemScope("test");

interface Context {
  stand: Stand;
  tenant: TenantName;
  /** The operator's sign-in from before. */
  before: string;
  /** As it is now, its databases are put aside. */
  backUp(): Promise<void>;
  /** The databases are again as they were then; the journal is not. */
  bringBack(): Promise<void>;
  /** Asks as the operator. @throws when it is refused */
  ask(method: string, path: string, body?: unknown): Promise<Loose>;
}

test.before.each(async (context) => {
  const stand = await openStand();
  const tenant = stand.tenant("river") as TenantName;
  const before = await stand.operator("olga@a.example");
  let cookie: string | undefined = before;
  await load(stand.hub.hub, loadExample(tenant));
  const folder = join(stand.config.dataFolder, "databases");
  const aside = join(stand.config.dataFolder, "aside");
  Object.assign(context, {
    stand,
    tenant,
    before,
    async backUp() {
      await stand.restart(() => cp(folder, aside, { recursive: true }));
    },
    async bringBack() {
      await stand.restart(async () => {
        await rm(folder, { recursive: true });
        await cp(aside, folder, { recursive: true });
      });
      const body = { email: "olga@a.example", password: PASSWORD };
      ({ cookie } = await stand.ask("POST", "/api/v1/sign-in", { body }));
    },
    async ask(method: string, path: string, body?: unknown) {
      const answer = await stand.ask(method, `/api/v1${path}`, {
        body,
        ...(cookie !== undefined && { cookie }),
      });
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
      return answer.json?.data;
    },
  });
});
test.after.each(({ stand }) => stand.close());

const communityOf = async ({ stand, tenant }: Context) => {
  const found = (await stand.hub.hub.communities.list(scope)).find((one) => one.tenant === tenant);
  if (!found) throw new Error("there is no such community");
  return found;
};
const personNamed = async ({ stand }: Context, name: string) =>
  (await stand.hub.hub.people.list(scope)).find(({ firstName }) => firstName === name);

test("no site gets a generation that gateways may hold already, however often it was renewed since", async (context) => {
  const { stand, backUp, bringBack } = context;
  await backUp();
  const highest = async () => {
    const { communityId } = await communityOf(context);
    for (let times = 0; times < 3; times++) await stand.hub.hub.renewSite(communityId);
    return (await communityOf(context)).generation;
  };
  const first = await highest();
  await bringBack();
  const back = (await communityOf(context)).generation;
  assert.ok(back > first, `${back} after ${first}`);
  const second = await highest();
  await stand.clock.advance(10_000);
  await bringBack();
  const again = (await communityOf(context)).generation;
  assert.ok(again > second, `${again} after ${second}`);
});

test("a gateway that was revoked since is out, is shown so, and its devices have another home", async (context) => {
  const { stand, tenant, ask, backUp, bringBack } = context;
  const [stolen, other] = [await stand.enrolled(tenant), await stand.enrolled(tenant)];
  await ask("PATCH", `/devices/${devEui(tenant, 1)}`, { home_gateway: stolen.id });
  await backUp();
  await ask("POST", `/gateways/${stolen.id}/revoke`);
  await bringBack();
  const row = await ask("GET", `/gateways/${stolen.id}`);
  assert.is(row.withdrawn?.why, "revoked");
  assert.equal(row.withdrawn.exposed, [{ device: devEui(tenant, 1), demand: "new-key" }]);
  const { hub } = stand.hub;
  const device = await hub.devices.find(scope, devEui(tenant, 1));
  const gateways = (await hub.gateways.list(scope)).filter(
    ({ gatewayId }) => !hub.gateways.isRevoked(gatewayId),
  );
  assert.is(homeOf(device, gateways), other.id, "nobody answers its joins");
});

test("a swap that was made since goes on: the old machine stays out, its code is spent, a new one brings the other in", async (context) => {
  const { stand, tenant, ask, backUp, bringBack } = context;
  const [old, other] = [await stand.enrolled(tenant), await stand.gateway()];
  const deviceId = devEui(tenant, 1) as DeviceId;
  await ask("PATCH", `/devices/${deviceId}`, { home_gateway: old.id });
  const made = await makeClaimCode(stand.hub.hub, { communities: [], replaces: old.id });
  const code = ClaimCode.parse(made.code);
  await backUp();
  await claimGateway(stand.hub.hub, code, other.identity);
  await bringBack();
  const { hub } = stand.hub;
  assert.is((await ask("GET", `/gateways/${old.id}`)).withdrawn?.why, "replaced");
  for (const one of [other, await stand.gateway()])
    await claimGateway(hub, code, one.identity).then(
      () => assert.unreachable("a code is good once"),
      (error: Error) => assert.match(error.message, /code/),
    );
  const again = await makeClaimCode(hub, { communities: [], replaces: old.id });
  await claimGateway(hub, ClaimCode.parse(again.code), other.identity);
  const known = (await hub.gateways.list(scope)).filter(
    ({ gatewayId }) => !hub.gateways.isRevoked(gatewayId),
  );
  assert.is(homeOf(await hub.devices.find(scope, deviceId), known), other.id);
  assert.ok(await stand.token(other));
});

test("a device that was deleted since is gone, with its keys; one that was registered anew stays", async (context) => {
  const { stand, tenant, ask, backUp, bringBack } = context;
  const deviceId = devEui(tenant, 1) as DeviceId;
  await backUp();
  await ask("DELETE", `/devices/${deviceId}?confirm=${deviceId}`);
  await bringBack();
  const { hub } = stand.hub;
  const { organizationId } = await communityOf(context);
  const ids = async () => (await hub.devices.list(scope)).map((device) => device.deviceId);
  assert.not.ok((await ids()).includes(deviceId));
  assert.is((await hub.keys.open(scope, organizationId, [deviceId])).size, 0);
  await stand.clock.advance(1_000);
  await ask("POST", "/devices/register", {
    dev_eui: deviceId,
    device_name: "Again",
    device_type: "water",
  });
  await stand.restart();
  const found = await stand.hub.hub.devices.find(scope, deviceId);
  assert.is(found.name, "Again");
});

test("an API key that was ended since opens nothing", async ({ stand, ask, backUp, bringBack }) => {
  const { id, key } = await ask("POST", "/keys", { name: "billing", scopes: ["read"] });
  const withKey = () =>
    stand.ask("GET", "/api/v1/devices", { headers: { "x-api-key": key as string } });
  assert.is((await withKey()).status, 200);
  await backUp();
  await ask("DELETE", `/keys/${id}`);
  await bringBack();
  assert.is((await withKey()).status, 401);
});

test("whoever lost their last membership since is gone, with the code that opens the building's pages", async (context) => {
  const { stand, ask, backUp, bringBack } = context;
  const cleo = await personNamed(context, "Cleo");
  await backUp();
  await ask("DELETE", `/people/${cleo?.personId}`);
  await bringBack();
  assert.is(await personNamed(context, "Cleo"), undefined);
  const { communityId, tenant, generation } = await communityOf(context);
  const residents = await stand.hub.hub.residents.list(scope, communityId);
  assert.is(residents.length, 2);
  const site = await stand.hub.hub.databases.open(`t-${tenant}-site-${generation}`);
  const codes = await site.list<Loose>({ from: "code:", to: "code:\uffff" });
  assert.not.ok(codes.some(({ firstName }) => firstName === "Cleo"));
});

test("a code for the building's network that was ended or replaced since opens nothing; who was signed in signs in again", async (context) => {
  const { stand, tenant, ask, before, backUp, bringBack } = context;
  const residentOf = async (name: string) =>
    (await personNamed(context, name))?.memberships[0]?.residentId as string;
  const codeOf = async (name: string) =>
    (await stand.hub.hub.residents.find(scope, await residentOf(name))).code;
  assert.ok((await codeOf("Ben")) && (await codeOf("Cleo")));
  await backUp();
  await ask("DELETE", `/residents/${await residentOf("Ben")}/code`);
  await ask("POST", `/residents/${await residentOf("Cleo")}/code`, {});
  await bringBack();
  assert.equal([await codeOf("Ben"), await codeOf("Cleo")], [undefined, undefined]);
  assert.ok(await codeOf("Ana"));
  await load(stand.hub.hub, loadExample(tenant), { newCodes: true });
  await bringBack();
  assert.is(await codeOf("Ana"), undefined, "all codes were made anew");
  const asked = await stand.ask("GET", "/api/v1/people", { cookie: before });
  assert.is(asked.status, 401);
});

test("an invitation that was used or called back since lets nobody in; one that waits still does", async (context) => {
  const { stand, ask, backUp, bringBack } = context;
  const invite = async (email: string) => {
    const { person, invitation } = await ask("POST", "/people", {
      email,
      first_name: "Some",
      role: "auditor",
      on: { kind: "organization" },
      activation: "link",
    });
    return { id: person.id as string, token: /#token=(\S+)/.exec(invitation.url)?.[1] };
  };
  const enter = async ({ token }: { token: string | undefined }) =>
    (await stand.ask("POST", "/api/v1/activation", { body: { token, password: PASSWORD } })).status;
  const used = await invite("una@a.example");
  const replaced = await invite("rex@a.example");
  const waiting = await invite("wim@a.example");
  await backUp();
  assert.is(await enter(used), 200);
  await ask("POST", `/people/${replaced.id}/invitation`, { way: "link" });
  await bringBack();
  assert.equal([await enter(used), await enter(replaced), await enter(waiting)], [404, 404, 200]);
});

test("the name of a community that was founded and destroyed since is not given to another", async (context) => {
  const { stand, ask, backUp, bringBack } = context;
  const tenant = stand.tenant("brief");
  await backUp();
  const { id } = await ask("POST", "/customers", {
    name: "Brief",
    admin_email: "bea@a.example",
    tenant_name: tenant,
  });
  await ask("DELETE", `/customers/${id}`, { confirm: "Brief" });
  await bringBack();
  await ask("POST", "/customers", {
    name: "Brief again",
    admin_email: "bea@a.example",
    tenant_name: tenant,
  }).then(
    () => assert.unreachable("it was given"),
    (error: Error) => assert.match(error.message, /is taken/),
  );
});

test.run();
