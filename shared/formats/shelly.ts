/**
 * `shelly`: Shelly devices of both generations.
 *
 * Generation 2 sends notifications that name the device and hold one object for each component;
 * generation 1 one plain number for each topic. Each metered component is a device of its own,
 * as each may hang in another home.
 *
 * @see Shelly technical documentation, "Notifications" (gen 2), "MQTT" (gen 1)
 */
import type { Value } from "#shared/model/registers.ts";
import { result, type Format, type FormatResult, type Measured } from "./format.ts";
import { flagFrom, sourceId, valueFrom, valuesFrom, type NamedValue } from "./measured-values.ts";
import { fieldsOf } from "./message.ts";
import { looseNumber } from "./numbers.ts";

/** One of three phases: OBIS has its powers under 21, 41, 61, its currents and voltages under 31, 32 and so on. */
function phase(
  letter: "a" | "b" | "c",
  electric: "3" | "5" | "7",
  energy: "2" | "4" | "6",
): Record<string, NamedValue> {
  return {
    [`${letter}_current`]: { register: `1-0:${electric}1.7.0`, unit: "A" },
    [`${letter}_voltage`]: { register: `1-0:${electric}2.7.0`, unit: "V" },
    [`${letter}_pf`]: { register: `1-0:${electric}3.7.0`, unit: "none" },
    [`${letter}_act_power`]: { register: `1-0:${energy}1.7.0`, unit: "W" },
    [`${letter}_total_act_energy`]: { register: `1-0:${energy}1.8.0`, unit: "Wh" },
  };
}

const gauges: Readonly<Record<string, NamedValue>> = {
  apower: { register: "1-0:1.7.0", unit: "W" },
  act_power: { register: "1-0:1.7.0", unit: "W" },
  aprt_power: { register: "1-0:9.7.0", unit: "VA" },
  voltage: { register: "1-0:12.7.0", unit: "V" },
  current: { register: "1-0:11.7.0", unit: "A" },
  pf: { register: "1-0:13.7.0", unit: "none" },
  freq: { register: "1-0:14.7.0", unit: "Hz" },
  total_act_power: { register: "1-0:1.7.0", unit: "W" },
  total_act: { register: "1-0:1.8.0", unit: "Wh" },
  total_act_ret: { register: "1-0:2.8.0", unit: "Wh" },
  total_act_energy: { register: "1-0:1.8.0", unit: "Wh" },
  total_act_ret_energy: { register: "1-0:2.8.0", unit: "Wh" },
  ...phase("a", "3", "2"),
  ...phase("b", "5", "4"),
  ...phase("c", "7", "6"),
  total_aprt_power: { register: "1-0:9.7.0", unit: "VA" },
  tC: { register: "temperature", unit: "C" },
  rh: { register: "humidity", unit: "%" },
  lux: { register: "illuminance", unit: "lux" },
};
const GEN1_TOPIC =
  /^shellies\/([^/]+)\/(relay|emeter|sensor|meter|light|roller)\/(?:(\d+)\/)?([a-z_]+)$/;
/** A relay's own topic says whether it is on. */
const GEN1_RELAY = /^shellies\/([^/]+)\/(relay|light)\/(\d+)$/;
/** All else of generation 1: announcements, buttons, its own temperature. */
const GEN1_ANY = /^shellies\/./;
const GEN2_STATUS = /^(.+)\/status\/([a-z0-9]+):(\d+)$/;
const GEN2_ONLINE = /^shelly[^/]*\/online$/;
/** Components that hold readings; `em` and `emdata` are two halves of one meter. */
const COMPONENT =
  /^(switch|pm1|em|em1|emdata|em1data|cover|light|temperature|humidity|illuminance|flood|devicepower|input):(\d+)$/;
const halves: Readonly<Record<string, string>> = { emdata: "em", em1data: "em1" };

function valuesOf(component: Readonly<Record<string, unknown>>): Value[] {
  const values = valuesFrom(component, gauges);
  const battery = fieldsOf(component["battery"]);
  if (battery !== undefined)
    values.push(
      ...valuesFrom(battery, {
        percent: { register: "battery", unit: "%" },
        V: { register: "battery_voltage", unit: "V" },
      }),
    );
  const total = valueFrom(fieldsOf(component["aenergy"])?.["total"], {
    register: "1-0:1.8.0",
    unit: "Wh",
  });
  const returned = valueFrom(fieldsOf(component["ret_aenergy"])?.["total"], {
    register: "1-0:2.8.0",
    unit: "Wh",
  });
  const on = flagFrom(component["output"]);
  const leak = flagFrom(component["alarm"]);
  if (total !== undefined) values.push(total);
  if (returned !== undefined) values.push(returned);
  if (on !== undefined) values.push({ register: "on", n: on, scale: 0, unit: "none" });
  if (leak !== undefined) values.push({ register: "leak", n: leak, scale: 0, unit: "none" });
  return values;
}

/** A clock set by NTP, once it is set. */
function timeOf(ts: unknown, heardAt: number): { time: number; timeSource: "device" | "gateway" } {
  const seconds = looseNumber(ts);
  const isSet = seconds !== undefined && seconds > 1_500_000_000 && seconds < 1e11;
  return isSet
    ? { time: Math.floor(seconds * 1000), timeSource: "device" }
    : { time: heardAt, timeSource: "gateway" };
}

function measure(
  device: string,
  kind: string,
  number: string,
  component: unknown,
  at: ReturnType<typeof timeOf>,
): Measured[] {
  if (!COMPONENT.test(`${kind}:${number}`)) return [];
  const fields = fieldsOf(component) ?? {};
  // An input counts pulses; its frequency is theirs, not the mains'.
  const values =
    kind === "input"
      ? valuesFrom(fieldsOf(fields["counts"]) ?? {}, {
          total: { register: "pulses", unit: "count" },
        })
      : valuesOf(fields);
  return values.length === 0
    ? []
    : [
        {
          deviceId: sourceId(device, `${halves[kind] ?? kind}${number}`),
          reading: { ...at, values },
        },
      ];
}

/** Two halves of one meter are one reading; of a register that comes twice the first counts. */
function merged(measured: readonly Measured[]): Measured[] {
  const byDevice = new Map<string, Measured>();
  for (const one of measured) {
    const { values } = byDevice.get(one.deviceId)?.reading ?? { values: [] };
    const known = new Set(values.map(({ register }) => register));
    const more = one.reading.values.filter(({ register }) => !known.has(register));
    byDevice.set(one.deviceId, {
      ...one,
      reading: { ...one.reading, values: [...values, ...more] },
    });
  }
  return [...byDevice.values()];
}

const orOther = (measured: readonly Measured[], other: string): FormatResult =>
  measured.length > 0 ? result({ measured: merged(measured) }) : result({ other });

const states: Readonly<Partial<Record<string, NamedValue>>> = {
  flood: { register: "leak", unit: "none" },
  motion: { register: "motion", unit: "none" },
  state: { register: "open", unit: "none" },
};

/** A relay's word `on` or `off`. */
function parseRelay(topic: string, body: Uint8Array, heardAt: number): FormatResult {
  const [, device = "", kind = "", number = "0"] = GEN1_RELAY.exec(topic) ?? [];
  const text = body.length <= 40 ? Buffer.from(body).toString("latin1").trim() : "";
  const value = valueFrom(flagFrom(text), { register: "on", unit: "none" });
  if (value === undefined) return result({ other: "relay" });
  const reading = { time: heardAt, timeSource: "gateway", values: [value] } as const;
  return result({ measured: [{ deviceId: sourceId(device, `${kind}${number}`), reading }] });
}

/** Plain numbers of generation 1. Energy of a relay counts watt minutes. */
function parseGen1(topic: string, body: Uint8Array, heardAt: number): FormatResult {
  const [, device = "", kind = "", number = "0", name = ""] = GEN1_TOPIC.exec(topic) ?? [];
  const text = body.length <= 40 ? Buffer.from(body).toString("latin1").trim() : "";
  const amount = looseNumber(text);
  const named: Readonly<Record<string, NamedValue>> = {
    power: { register: "1-0:1.7.0", unit: "W" },
    voltage: { register: "1-0:12.7.0", unit: "V" },
    current: { register: "1-0:11.7.0", unit: "A" },
    pf: { register: "1-0:13.7.0", unit: "none" },
    total: { register: "1-0:1.8.0", unit: "Wh" },
    total_returned: { register: "1-0:2.8.0", unit: "Wh" },
    temperature: { register: "temperature", unit: "C" },
    humidity: { register: "humidity", unit: "%" },
    battery: { register: "battery", unit: "%" },
    lux: { register: "illuminance", unit: "lux" },
  };
  const isMinutes = name === "energy" && kind !== "emeter" && amount !== undefined;
  const field = Object.hasOwn(named, name) ? named[name] : undefined;
  const state = Object.hasOwn(states, name) ? states[name] : undefined;
  const value = isMinutes
    ? valueFrom(Math.floor(amount / 60), { register: "1-0:1.8.0", unit: "Wh" })
    : state === undefined
      ? field && valueFrom(amount, field)
      : valueFrom(flagFrom(text === "open" ? "on" : text === "close" ? "off" : text), state);
  if (value === undefined) return result({ other: name });
  return result({
    measured: [
      {
        deviceId: sourceId(device, `${kind}${number}`),
        reading: { time: heardAt, timeSource: "gateway", values: [value] },
      },
    ],
  });
}

export const shelly: Format = {
  name: "shelly",
  recognises({ topic, body }) {
    if (topic !== null && GEN1_ANY.test(topic)) return true;
    if (topic !== null && body instanceof Uint8Array) return GEN2_ONLINE.test(topic);
    const fields = fieldsOf(body);
    if (fields === undefined) return false;
    const isAnswer =
      typeof fields["src"] === "string" && fields["src"].startsWith("shelly") && "result" in fields;
    if (isAnswer) return true;
    const isNotification =
      typeof fields["src"] === "string" &&
      typeof fields["method"] === "string" &&
      fields["method"].startsWith("Notify");
    return isNotification || (topic !== null && GEN2_STATUS.test(topic) && "id" in fields);
  },
  parse({ topic, body }, { heardAt }) {
    if (body instanceof Uint8Array && topic !== null) {
      if (GEN1_TOPIC.test(topic)) return parseGen1(topic, body, heardAt);
      if (GEN1_RELAY.test(topic)) return parseRelay(topic, body, heardAt);
      return result({ other: GEN1_ANY.test(topic) ? "gen1" : "online" });
    }
    const fields = fieldsOf(body) ?? {};
    if (topic !== null && GEN1_ANY.test(topic)) return result({ other: "gen1" });
    const status = topic === null ? null : GEN2_STATUS.exec(topic);
    if (typeof fields["src"] !== "string") {
      const [, device = "", kind = "", number = "0"] = status ?? [];
      return orOther(measure(device, kind, number, fields, timeOf(undefined, heardAt)), "status");
    }
    const device = fields["src"];
    // An answer to `Shelly.GetStatus` has the same components as a notification.
    const params = fieldsOf(fields["params"]) ?? fieldsOf(fields["result"]) ?? {};
    const at = timeOf(params["ts"] ?? fieldsOf(params["sys"])?.["unixtime"], heardAt);
    const measured = Object.entries(params).flatMap(([name, component]) => {
      const [, kind, number = "0"] = COMPONENT.exec(name) ?? [];
      return kind === undefined ? [] : measure(device, kind, number, component, at);
    });
    const { method } = fields;
    return orOther(measured, typeof method === "string" ? method : "answer");
  },
};
