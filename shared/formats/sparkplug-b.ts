/**
 * `sparkplug-b`: Eclipse Sparkplug B: edge nodes and their devices over MQTT.
 *
 * A birth names every metric, and may tie it to a number (alias) that stands for it afterwards: so
 * births are remembered, and a node whose birth was missed is asked for it again, at most once a
 * minute. A metric becomes a value where its name and unit say which register it is; each device
 * and each node is one source. Old data (`is_historical`) becomes readings at its own times.
 *
 * @see Eclipse Sparkplug Specification 3.0.0, chapters 4 ("Topics and Messages"), 5 and 6
 */
import { decimalOf } from "#shared/devices/exact.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import type { Value } from "#shared/model/registers.ts";
import { z } from "zod";
import {
  result,
  type Format,
  type FormatContext,
  type FormatResult,
  type Measured,
  type Skipped,
} from "./format.ts";
import { sourceId, type NamedValue } from "./measured-values.ts";
import { namedRegister } from "./named-register.ts";
import { rebirthRequest } from "./sparkplug-rebirth.ts";
import { sparkplugPayload, type Metric, type SparkplugPayload } from "./sparkplug-payload.ts";

const TOPIC =
  /^spBv1\.0\/([^/]+)\/(NBIRTH|NDEATH|NDATA|NCMD|DBIRTH|DDEATH|DDATA|DCMD)\/([^/]+)(?:\/([^/]+))?$/;
const STATE = /^(?:spBv1\.0\/)?STATE\/[^/]+$/;
/** A birth that was missed is asked for at most so often, ms. */
const ASK_AGAIN_MS = 60_000;
/** Aliases of one node and its devices remembered at most. */
const MOST_ALIASES = 10_000;

/** What is remembered of one edge node. `rules` by a metric's number, or by device and name. */
const Node = z.object({
  /** Of its session, digits: a death of an older session means nothing. */
  bdSeq: z.string().nullable(),
  /** Names by alias: device's name (empty for the node) and metric's name. */
  aliases: z.record(z.string(), z.tuple([z.string(), z.string()])),
  /** Registers by `device/metric`; null for one that is no reading. */
  rules: z.record(
    z.string(),
    z.object({ register: z.string(), unit: z.string(), scale: z.number().optional() }).nullable(),
  ),
});
type Node = z.infer<typeof Node>;
const UNKNOWN: Node = { bdSeq: null, aliases: {}, rules: {} };

/** Of one node's messages, until the next start: the last one's number, and when its birth was asked for. */
interface Course {
  readonly seq: number | null;
  readonly askedAt: number;
}

/** Nodes that were looked at before: thousands of names are not checked with every message. */
const sound = new WeakSet<object>();
function nodeIn(found: unknown): Node {
  if (typeof found === "object" && found !== null && sound.has(found)) return found as Node;
  const read = Node.safeParse(found);
  if (!read.success) return UNKNOWN;
  if (typeof found === "object" && found !== null) sound.add(found);
  return read.data;
}

/** Of the protocol itself, not of the building. */
const isHousekeeping = (name: string) =>
  name === "bdSeq" ||
  /^(Node|Device) (Control|Info)\//.test(name) ||
  name.startsWith("Properties/");

function valueOf({ value, digits }: Metric, { register, unit, scale = 0 }: NamedValue): Value[] {
  if (typeof value === "boolean") return [{ register, n: value ? 1 : 0, scale: 0, unit }];
  if (typeof value === "bigint" || typeof value !== "number") return [];
  const decimal = decimalOf(value, digits);
  if (decimal === undefined || !Number.isSafeInteger(decimal.n)) return [];
  return [{ register, n: decimal.n, scale: decimal.scale + scale, unit }];
}

/** The register of a metric, by what was told at its birth, else by its name alone. */
function ruleOf(node: Node, key: string, name: string, metric: Metric): NamedValue | undefined {
  if (Object.hasOwn(node.rules, key))
    return (node.rules[key] ?? undefined) as NamedValue | undefined;
  return ruleFor(name, metric);
}

function ruleFor(name: string, { value, unit, dataType }: Metric): NamedValue | undefined {
  if (isHousekeeping(name)) return undefined;
  if (typeof value === "boolean") return namedRegister(name, undefined, value);
  if (typeof value === "number") return namedRegister(name, unit, value);
  // Not a value now, but of a kind that will have one.
  const isNumber = dataType >= 1 && dataType <= 10;
  return value === null && isNumber ? namedRegister(name, unit, 0) : undefined;
}

interface Told {
  readonly deviceId: DeviceId;
  readonly device: string;
  readonly payload: SparkplugPayload;
  readonly heardAt: number;
}

/** Readings by time, and what of the message is none. Metrics without a name that is known are counted by `unknown`. */
function read(node: Node, { deviceId, device, payload, heardAt }: Told) {
  const byTime = new Map<number | undefined, Map<string, Value>>();
  const skipped: Skipped[] = [];
  let unknown = 0;
  for (const metric of payload.metrics) {
    const tied = metric.alias === undefined ? undefined : node.aliases[metric.alias];
    const name = metric.name ?? (tied?.[0] === device ? tied[1] : undefined);
    if (name === undefined) {
      unknown++;
      continue;
    }
    if (metric.unread !== undefined) skipped.push({ name, why: metric.unread });
    if (typeof metric.value === "bigint") skipped.push({ name, why: "beyond 53 bits" });
    const rule = ruleOf(node, `${device}/${name}`, name, metric);
    if (rule === undefined) continue;
    const time = metric.time ?? payload.time;
    const values = byTime.get(time) ?? new Map<string, Value>();
    for (const value of valueOf(metric, rule))
      if (!values.has(value.register)) values.set(value.register, value);
    if (values.size > 0) byTime.set(time, values);
  }
  const measured = [...byTime].map(([time, values]): Measured => ({
    deviceId,
    reading: {
      time: time ?? heardAt,
      timeSource: time === undefined ? "gateway" : "device",
      values: [...values.values()],
    },
  }));
  return { measured, skipped, unknown };
}

/** A node with what a birth says of its metrics, or of one device's. */
function born(node: Node, device: string, { metrics }: SparkplugPayload): Node {
  const isNode = device === "";
  const kept = isNode ? UNKNOWN : node;
  const aliases = Object.fromEntries(
    Object.entries(kept.aliases).filter(([, [owner]]) => owner !== device),
  );
  const rules = Object.fromEntries(
    Object.entries(kept.rules).filter(([key]) => !key.startsWith(`${device}/`)),
  );
  let left = MOST_ALIASES - Object.keys(aliases).length;
  for (const metric of metrics) {
    const { name, alias } = metric;
    if (name === undefined || left-- <= 0) continue;
    if (alias !== undefined) aliases[alias] = [device, name];
    rules[`${device}/${name}`] = ruleFor(name, metric) ?? null;
  }
  const bdSeq = metrics.find(({ name }) => name === "bdSeq")?.value;
  return {
    bdSeq: isNode ? (bdSeq === undefined ? null : String(bdSeq)) : node.bdSeq,
    aliases,
    rules,
  };
}

function parse(
  [, group = "", kind = "", edge = "", device = ""]: readonly string[],
  bytes: Uint8Array,
  { heardAt, memory }: FormatContext,
): FormatResult {
  const deviceId =
    device === "" ? sourceId("sparkplug", group, edge) : sourceId("sparkplug", group, edge, device);
  const other = kind.toLowerCase();
  if (kind.endsWith("CMD")) return result({ other, about: deviceId });
  const payload = sparkplugPayload(bytes);
  const key = `sparkplug ${group}/${edge}`;
  let node = nodeIn(memory?.recall(key));
  if (kind.endsWith("DEATH")) {
    const bdSeq = payload.metrics.find(({ name }) => name === "bdSeq")?.value;
    const isOld = kind === "NDEATH" && node.bdSeq !== null && String(bdSeq) !== node.bdSeq;
    return result({ other: isOld ? "ndeath_old" : other, about: deviceId });
  }
  const isBirth = kind.endsWith("BIRTH");
  const course = (memory?.recall(`~${key}`) ?? { seq: null, askedAt: 0 }) as Course;
  const isGap =
    kind !== "NBIRTH" &&
    payload.seq !== undefined &&
    course.seq !== null &&
    payload.seq !== (course.seq + 1) % 256;
  if (isBirth) {
    node = born(node, device, payload);
    memory?.remember(key, node);
  }
  const { measured, skipped, unknown } = read(node, { deviceId, device, payload, heardAt });
  const isToAsk = (unknown > 0 || isGap) && heardAt - course.askedAt >= ASK_AGAIN_MS;
  memory?.remember(`~${key}`, {
    seq: payload.seq ?? course.seq,
    askedAt: isToAsk ? heardAt : course.askedAt,
  });
  return result({
    measured,
    skipped: [
      ...skipped,
      ...Array.from({ length: unknown }, () => ({ name: "", why: "no birth" })),
    ],
    asks:
      isToAsk && memory !== undefined
        ? [{ topic: `spBv1.0/${group}/NCMD/${edge}`, bytes: rebirthRequest(heardAt) }]
        : [],
    ...(measured.length > 0 ? {} : { other, about: deviceId }),
  });
}

export const sparkplugB: Format = {
  name: "sparkplug-b",
  recognises: ({ topic, body }) =>
    topic !== null && (STATE.test(topic) || (TOPIC.test(topic) && body instanceof Uint8Array)),
  parse({ topic, body }, context) {
    const named = TOPIC.exec(topic ?? "");
    return named === null || !(body instanceof Uint8Array)
      ? result({ other: "state" })
      : parse(named, body, context);
  },
};
