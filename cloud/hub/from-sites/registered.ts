/** `registered`: an installer registered a device at the site, with the keys that stand on its label. */
import { compactDecrypt } from "jose";
import { drawDevice } from "#cloud/hub/devices/draw-device.ts";
import { drawContext, registerDevices } from "#cloud/hub/devices/register-devices.ts";
import type { Hub } from "#cloud/hub/hub.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { DeviceId, GatewayId } from "#shared/model/ids.ts";
import { meanwhile, UNREADABLE } from "#shared/model/requests.ts";
import { systemScope, type CommunitiesScope } from "#shared/model/scope.ts";
import { KeyBundle, type JoinKeys } from "#shared/model/site.ts";
import type { Answering, AskedAnswer } from "./asked-answer.ts";

const system = systemScope("from-sites");

export const register: Answering<"register"> = async (context, asked) => {
  const { hub, community, gatewayId, request } = context;
  const { communityId, organizationId } = community;
  const { deviceId, name, kind, model, serial, from } = asked;
  const target = { type: "device", id: deviceId };
  const says = meanwhile.register;
  const scope: CommunitiesScope = {
    kind: "communities",
    organizationId,
    communityIds: new Set([communityId]),
    by: gatewayId,
  };
  let keys: JoinKeys | undefined;
  try {
    keys = await opened(hub, request.sealed, deviceId);
  } catch (error) {
    if (!isFault(error, "invalid")) throw error;
    return { ...UNREADABLE, target };
  }
  const ours = await hub.devices.find(scope, deviceId).catch((error: unknown) => {
    if (isFault(error, "not_found")) return undefined;
    throw error;
  });
  if (ours) return { ...says.ours, target };
  try {
    const drawn = drawDevice(
      {
        dev_eui: deviceId,
        device_name: name,
        ...(kind && { kind }),
        ...(model && { model }),
        ...(serial && { serial_number: serial }),
        ...(keys && {
          join_eui: keys.joinEui,
          app_key: keys.appKey,
          home_gateway: await standsFor(hub, gatewayId),
        }),
      } as Parameters<typeof drawDevice>[0],
      communityId,
      await drawContext(hub, scope),
    );
    // It was theirs from the moment on at which it was registered there.
    const device = { ...drawn.device, held: [{ communityId, from }] };
    const refused = await registerDevices(hub, scope, [{ ...drawn, device }]);
    const why = refused.get(deviceId);
    if (why) return { ...refusal(why, says.taken), target };
    await hub.adopt(community);
    return { outcome: "done", target, after: { name, kind: device.kind, model: device.model } };
  } catch (error) {
    if (!isFault(error, "invalid") && !isFault(error, "conflict")) throw error;
    return { outcome: "refused", says: error.message, target };
  }
};

/** The gateway, or whoever took its place; the community's first one where nobody did. */
async function standsFor(hub: Hub, gatewayId: GatewayId): Promise<GatewayId | true> {
  const all = await hub.gateways.list(system);
  let now: GatewayId | undefined = gatewayId;
  while (now !== undefined && hub.gateways.isRevoked(now)) {
    const before: GatewayId = now;
    now = all.find(({ replaces }) => replaces === before)?.gatewayId;
  }
  return now ?? true;
}

function refusal(why: Fault, taken: AskedAnswer): AskedAnswer {
  if (why.code === "unavailable") throw why;
  const isTaken = why.details.fields !== undefined && "dev_eui" in (why.details.fields as object);
  return isTaken ? taken : { outcome: "refused", says: why.message };
}

/** The keys that were sealed for this hub; undefined when there are none. @throws Fault "invalid" */
async function opened(
  hub: Hub,
  sealed: string | undefined,
  deviceId: DeviceId,
): Promise<JoinKeys | undefined> {
  if (sealed === undefined) return undefined;
  try {
    const { plaintext } = await compactDecrypt(sealed, hub.secrets.sealing.key, {
      keyManagementAlgorithms: ["ECDH-ES+A256KW"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    const { devices } = KeyBundle.parse(JSON.parse(new TextDecoder().decode(plaintext)));
    const keys = devices[deviceId];
    if (keys && "appKey" in keys) return keys;
  } catch (error) {
    throw new Fault("invalid", "what was sealed cannot be opened", {}, error);
  }
  throw new Fault("invalid", "what was sealed holds no key of the device");
}
