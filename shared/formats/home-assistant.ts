/**
 * `home-assistant`: values on Home Assistant's topics: its MQTT discovery, which says of a state
 * topic what stands on it, and its statestream, where each attribute has a topic of its own.
 *
 * A discovery message is remembered; afterwards the state topic is read by it. Of templates only
 * those that pick one value are understood (`{{ value_json.a.b }}`, with `float`, `int` and `round`
 * behind it): what a longer one would make of a value is not guessed.
 *
 * @see Home Assistant documentation, "MQTT" (discovery, abbreviations), "MQTT Statestream"
 */
import { z } from "zod";
import type { DeviceId } from "#shared/model/ids.ts";
import { DeviceId as DeviceIdSchema } from "#shared/model/ids.ts";
import { result, type Format, type FormatResult, type Measured } from "./format.ts";
import { discovered, entityName, type Entity } from "./home-assistant-entity.ts";
import { flagFrom, sourceId, valueFrom, type NamedValue } from "./measured-values.ts";
import { fieldsOf } from "./message.ts";
import { namedRegister } from "./named-register.ts";
import { looseNumber } from "./numbers.ts";
import type { SourceMemory } from "./source-memory.ts";

const CONFIG = /^[^/]+\/([a-z_]+)\/(?:([^/]+)\/)?([^/]+)\/config$/;
const STREAM = /^(.+)\/(sensor|binary_sensor)\/([^/]+)\/([a-z_]+)$/;
/** True for a topic that tells what stands on others. */
export const isDiscovery = (topic: string): boolean => CONFIG.test(topic);
/** Entities on one state topic at most. */
const MOST_ENTITIES = 200;

const stateKey = (topic: string) => `ha-state ${topic}`;
const streamKey = (base: string, object: string) => `ha-stream ${base}/${object}`;

const Remembered = z.array(
  z.object({
    entity: z.string(),
    deviceId: DeviceIdSchema,
    register: z.string(),
    unit: z.string(),
    scale: z.number().optional(),
    path: z.array(z.string()),
    on: z.string().optional(),
    off: z.string().optional(),
  }),
);
type Remembered = z.infer<typeof Remembered>;
const Attributes = z.object({ unit: z.string().optional(), deviceClass: z.string().optional() });

function remembered(memory: SourceMemory | undefined, topic: string | null): Remembered {
  const found = topic === null ? undefined : memory?.recall(stateKey(topic));
  const entities = found === undefined ? undefined : Remembered.safeParse(found);
  return entities?.success ? entities.data : [];
}

/** What an entity's class, unit and name say it measures. */
function registerOf({ name, unit, deviceClass, isBinary }: Entity): NamedValue | undefined {
  if (isBinary) return binaries.get(deviceClass ?? "");
  return namedRegister(entityName(name, deviceClass), unit, 0);
}
const flag = (register: NamedValue["register"]): NamedValue => ({ register, unit: "none" });
const binaries: ReadonlyMap<string, NamedValue> = new Map([
  ["moisture", flag("leak")],
  ["motion", flag("motion")],
  ["door", flag("open")],
  ["window", flag("open")],
  ["opening", flag("open")],
  ["battery", flag("battery_low")],
  ["tamper", flag("tamper")],
  ["gas", flag("gas_leak")],
]);

/** Takes in one entity of a discovery message; false when it is none that measures. */
function learn(entity: Entity, memory: SourceMemory): boolean {
  const named = registerOf(entity);
  const before = remembered(memory, entity.stateTopic);
  const others = before.filter((one) => one.entity !== entity.id);
  if (named === undefined || others.length >= MOST_ENTITIES) {
    if (others.length < before.length) memory.remember(stateKey(entity.stateTopic), others);
    return false;
  }
  // A device with two meters of a kind is two sources.
  const device = sourceId("ha", entity.device);
  const deviceKey = `ha-device ${device}`;
  const owners = z
    .record(z.string(), z.string())
    .catch({})
    .parse(memory.recall(deviceKey) ?? {});
  const owner = owners[named.register] ?? entity.id;
  if (owners[named.register] === undefined)
    memory.remember(deviceKey, { ...owners, [named.register]: entity.id });
  const deviceId = owner === entity.id ? device : sourceId("ha", entity.device, entity.id);
  const { path, on, off } = entity;
  memory.remember(stateKey(entity.stateTopic), [
    ...others,
    {
      entity: entity.id,
      deviceId,
      ...named,
      path,
      ...(on === undefined ? {} : { on }),
      ...(off === undefined ? {} : { off }),
    },
  ]);
  return true;
}

/** What an entity's path points to in a state: plain text itself, or within JSON. */
function pick(body: unknown, path: readonly string[]): unknown {
  if (body instanceof Uint8Array)
    return path.length === 0 && body.length <= 100
      ? Buffer.from(body).toString("utf8").trim()
      : undefined;
  let found = body;
  for (const key of path) {
    const isIndex = Array.isArray(found) && /^\d{1,4}$/.test(key);
    if (!isIndex && (fieldsOf(found) === undefined || !Object.hasOwn(found as object, key)))
      return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

function readState(entities: Remembered, body: unknown, heardAt: number): FormatResult {
  const byDevice = new Map<DeviceId, Map<string, Measured["reading"]["values"][number]>>();
  for (const { deviceId, register, unit, scale, path, on, off } of entities) {
    const said = pick(body, path);
    const word = said === (on ?? "ON") ? 1 : said === (off ?? "OFF") ? 0 : flagFrom(said);
    const number = looseNumber(said) ?? (typeof said === "number" ? undefined : word);
    const value = valueFrom(number, {
      register,
      unit,
      ...(scale === undefined ? {} : { scale }),
    } as NamedValue);
    if (value === undefined) continue;
    const values = byDevice.get(deviceId) ?? new Map<string, typeof value>();
    byDevice.set(deviceId, values.set(value.register, value));
  }
  const measured = [...byDevice].map(([deviceId, values]): Measured => ({
    deviceId,
    reading: { time: heardAt, timeSource: "gateway", values: [...values.values()] },
  }));
  // "unavailable" and "unknown" are no numbers, and no mistake.
  return measured.length > 0
    ? result({ measured })
    : result({ other: "state", about: entities[0]?.deviceId ?? null });
}

/** A topic of the statestream: `state`, or an attribute that says what the state counts. */
function readStream(
  [, base = "", domain = "", object = "", attribute = ""]: readonly string[],
  body: unknown,
  heardAt: number,
  memory: SourceMemory | undefined,
): FormatResult {
  const said = pick(body, []);
  const text = typeof said === "string" ? said.replace(/^"(.*)"$/s, "$1") : "";
  const key = streamKey(base, `${domain}/${object}`);
  const about = sourceId("ha", object);
  const parsed = Attributes.safeParse(memory?.recall(key));
  const known = parsed.success ? parsed.data : {};
  if (attribute === "unit_of_measurement" || attribute === "device_class") {
    const next = attribute === "device_class" ? { deviceClass: text } : { unit: text };
    memory?.remember(key, { ...known, ...next });
    return result({ other: attribute, about });
  }
  if (attribute !== "state") return result({ other: "attribute", about });
  const named = registerOf({
    name: object,
    unit: known.unit,
    deviceClass: known.deviceClass,
    isBinary: domain === "binary_sensor",
  } as Entity);
  const number = domain === "binary_sensor" ? flagFrom(text) : looseNumber(text);
  const value = named && valueFrom(number, named);
  return value === undefined
    ? result({ other: "state", about })
    : result({
        measured: [
          { deviceId: about, reading: { time: heardAt, timeSource: "gateway", values: [value] } },
        ],
      });
}

export const homeAssistant: Format = {
  name: "home-assistant",
  recognises({ topic, body }, memory) {
    if (topic === null) return false;
    if (CONFIG.test(topic) && (fieldsOf(body) !== undefined || isEmpty(body)))
      return isEmpty(body) || discovered(topic, body).length > 0;
    if (memory?.recall(stateKey(topic)) !== undefined) return true;
    return STREAM.test(topic) && body instanceof Uint8Array;
  },
  parse({ topic, body }, { heardAt, memory }) {
    const name = topic ?? "";
    if (CONFIG.test(name) && (fieldsOf(body) !== undefined || isEmpty(body))) {
      const entities = discovered(name, body);
      const known =
        memory === undefined
          ? entities.length
          : entities.filter((entity) => learn(entity, memory)).length;
      return result({ other: known > 0 ? "discovery" : "discovery_of_no_reading" });
    }
    const entities = remembered(memory, topic);
    if (entities.length > 0) return readState(entities, body, heardAt);
    return readStream(STREAM.exec(name) ?? [], body, heardAt, memory);
  },
};

/** An empty message takes a discovery back: nothing is measured by it, and its topic goes quiet. */
const isEmpty = (body: unknown) => body instanceof Uint8Array && body.length === 0;
