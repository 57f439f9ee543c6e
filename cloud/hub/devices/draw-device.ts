/**
 * `draw-device`: a device's document and keys from what the API or a file says of it. Pure.
 */
import type { DeviceKeys } from "#cloud/areas/devices/device-key-store.ts";
import type { DeviceDoc } from "#cloud/areas/devices/device-store.ts";
import type { DeviceChange, RegisterDevice } from "#shared/api/devices.ts";
import { Fault } from "#shared/model/fault.ts";
import type { CommunityId, DeviceId } from "#shared/model/ids.ts";
import type { Multiplier } from "#shared/series/index-series.ts";
import { kindOf, modelOf } from "#shared/devices/device-model.ts";
import { indexOf } from "#shared/model/decimal-index.ts";

/** How often a meter reports of which nothing else is known. */
const INTERVAL_MS = 3_600_000;
const ZEROS = /^0*$/;

export interface DrawContext {
  readonly nowMs: number;
  /** Whether the organization brought a decoder of that slug. */
  readonly isOwnDecoder: (slug: string) => boolean;
}

export interface Drawn {
  readonly device: DeviceDoc;
  /** What it joins with, for the sealed store alone. */
  readonly keys: DeviceKeys | undefined;
}

const wrong = (field: string, message: string) =>
  new Fault("invalid", `${field}: ${message}`, { fields: { [field]: message } });

/** `0.001` is 1 × 10⁻³. @throws Fault "invalid" for one with more digits than can be counted with */
export function multiplierOf(given: number | Multiplier): Multiplier {
  if (typeof given !== "number") return given;
  if (Number.isSafeInteger(given)) return { n: given, scale: 0 };
  const text = given.toFixed(9).replace(/0+$/, "");
  const { n, scale } = indexOf(text);
  if (n <= 0 || !Number.isSafeInteger(n) || Math.abs(Number(text) - given) > 1e-12)
    throw wrong("multiplier", "has at most 9 decimals");
  return { n, scale };
}

/** @throws Fault "invalid" that names the field */
export function drawDevice(
  said: Omit<RegisterDevice, "community">,
  communityId: CommunityId | null,
  context: DrawContext,
): Drawn {
  const found = modelOf(said, context.isOwnDecoder);
  if ("wrong" in found) throw wrong("decoder", found.wrong);
  const deviceId = said.dev_eui as DeviceId;
  const now = new Date(context.nowMs).toISOString();
  const blank: DeviceDoc = {
    _id: `device:${deviceId}`,
    type: "device",
    v: 1,
    communityId,
    deviceId,
    name: said.device_name,
    kind: kindOf(said, found.model),
    model: found.model,
    expectedIntervalMs: INTERVAL_MS,
    held: communityId === null ? [] : [{ communityId, from: now }],
    installations: [],
    isActive: true,
    createdAt: now,
    updatedAt: now,
  };
  return redrawn(blank, said, context);
}

/** A device with what is said anew; what is not said stays. @throws Fault "invalid" that names the field */
export function redrawn(
  device: DeviceDoc,
  said: Omit<DeviceChange, "is_active">,
  context: DrawContext,
): Drawn {
  const changed = { ...device } as Record<string, unknown>;
  const put = (field: keyof DeviceDoc, value: unknown) => {
    if (value === undefined) return;
    if (value === null || value === "") delete changed[field];
    else changed[field] = value;
  };
  put("name", said.device_name);
  put("deviceType", said.device_type);
  put("kind", said.kind);
  put("hardware", said.model);
  put("serial", said.serial_number);
  put("externalId", said.external_id);
  put("notes", said.notes);
  put("calibrationDue", said.calibration_due);
  put("homeGateway", said.home_gateway);
  if (said.expected_interval_s !== undefined)
    changed.expectedIntervalMs = said.expected_interval_s * 1000;
  if (said.decoder !== undefined) {
    const found = modelOf(said, context.isOwnDecoder);
    if ("wrong" in found) throw wrong("decoder", found.wrong);
    changed.model = found.model;
  }
  if (said.index_unit !== undefined || said.multiplier !== undefined)
    put("mounting", mountingOf(device, said));
  const keys = keysOf(device, said);
  if (keys) {
    if ("joinEui" in keys) changed.joinEui = keys.joinEui;
    changed.keysAt = new Date(context.nowMs).toISOString();
    // A key that no gateway answers joins with would be of no use to anybody.
    if (said.home_gateway === undefined) changed.homeGateway ??= true;
  } else put("joinEui", said.join_eui);
  return { device: changed as DeviceDoc, keys };
}

function mountingOf(
  { mounting = {} }: DeviceDoc,
  said: DeviceChange,
): DeviceDoc["mounting"] | null {
  const indexUnit = said.index_unit === undefined ? mounting.indexUnit : said.index_unit;
  const told = said.multiplier;
  const multiplier =
    told === undefined ? mounting.multiplier : told === null ? undefined : multiplierOf(told);
  if (!indexUnit && !multiplier) return null;
  return { ...(indexUnit ? { indexUnit } : {}), ...(multiplier ? { multiplier } : {}) };
}

/** What is said of a device's keys; undefined when nothing is. */
function keysOf(device: DeviceDoc, said: DeviceChange): DeviceKeys | undefined {
  const given = [said.app_key, said.nwk_key].filter(
    (key) => key !== undefined && !ZEROS.test(key),
  ) as string[];
  const fixed = { dev_addr: said.dev_addr, nwk_s_key: said.nwk_s_key, app_s_key: said.app_s_key };
  const absent = Object.entries(fixed).filter(([, value]) => value === undefined);
  if (absent.length < 3) {
    if (given.length > 0) throw wrong("app_key", "a device joins, or has a session for life");
    const [missing] = absent.map(([name]) => name);
    if (missing !== undefined)
      throw wrong(missing, "dev_addr, nwk_s_key and app_s_key go together");
    return {
      devAddr: fixed.dev_addr as string,
      nwkSKey: fixed.nwk_s_key as string,
      appSKey: fixed.app_s_key as string,
      macVersion: "1.0",
    };
  }
  if (given.length === 0) return undefined;
  // Network servers call the one root key of LoRaWAN 1.0 by either name.
  if (new Set(given).size > 1)
    throw wrong("nwk_key", "a device with two root keys (LoRaWAN 1.1) cannot join at our gateways");
  const joinEui = said.join_eui ?? device.joinEui;
  if (joinEui === undefined) throw wrong("join_eui", "a key goes together with its JoinEUI");
  return { joinEui, appKey: given[0] as string, macVersion: "1.0" };
}
