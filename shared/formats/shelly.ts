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

const gauges: Readonly<Record<string, NamedValue>> = {
  apower: { register: "1-0:1.7.0", unit: "W" },
  act_power: { register: "1-0:1.7.0", unit: "W" },
  aprt_power: { register: "1-0:9.7.0", unit: "W" },
  voltage: { register: "1-0:12.7.0", unit: "V" },
  current: { register: "1-0:11.7.0", unit: "A" },
  pf: { register: "1-0:13.7.0", unit: "none" },
  freq: { register: "1-0:14.7.0", unit: "Hz" },
  total_act_power: { register: "1-0:1.7.0", unit: "W" },
  total_act: { register: "1-0:1.8.0", unit: "Wh" },
  total_act_ret: { register: "1-0:2.8.0", unit: "Wh" },
  total_act_energy: { register: "1-0:1.8.0", unit: "Wh" },
  total_act_ret_energy: { register: "1-0:2.8.0", unit: "Wh" },
  tC: { register: "temperature", unit: "C" },
  rh: { register: "humidity", unit: "%" },
  lux: { register: "illuminance", unit: "lux" },
};
const GEN1_TOPIC = /^shellies\/([^/]+)\/(relay|emeter|sensor|meter)\/(?:(\d+)\/)?([a-z_]+)$/;
const GEN2_STATUS = /^(.+)\/status\/([a-z0-9]+):(\d+)$/;
/** Components that hold readings; `em` and `emdata` are two halves of one meter. */
const COMPONENT =
  /^(switch|pm1|em|em1|emdata|em1data|cover|light|temperature|humidity|illuminance|flood):(\d+)$/;
const halves: Readonly<Record<string, string>> = { emdata: "em", em1data: "em1" };

function valuesOf(component: Readonly<Record<string, unknown>>): Value[] {
  const values = valuesFrom(component, gauges);
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
  const values = valuesOf(fieldsOf(component) ?? {});
  return values.length === 0
    ? []
    : [
        {
          deviceId: sourceId(device, `${halves[kind] ?? kind}${number}`),
          reading: { ...at, values },
        },
      ];
}

const orOther = (measured: Measured[], other: string): FormatResult =>
  measured.length > 0 ? result({ measured }) : result({ other });

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
  const isRelayEnergy = name === "energy" && kind === "relay" && amount !== undefined;
  const field = named[name];
  const value = isRelayEnergy
    ? valueFrom(Math.floor(amount / 60), { register: "1-0:1.8.0", unit: "Wh" })
    : field && valueFrom(amount, field);
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
    if (body instanceof Uint8Array) return topic !== null && GEN1_TOPIC.test(topic);
    const fields = fieldsOf(body);
    if (fields === undefined) return false;
    const isNotification =
      typeof fields["src"] === "string" &&
      typeof fields["method"] === "string" &&
      fields["method"].startsWith("Notify");
    return isNotification || (topic !== null && GEN2_STATUS.test(topic) && "id" in fields);
  },
  parse({ topic, body }, { heardAt }) {
    if (body instanceof Uint8Array) return parseGen1(topic ?? "", body, heardAt);
    const fields = fieldsOf(body) ?? {};
    const status = topic === null ? null : GEN2_STATUS.exec(topic);
    if (typeof fields["src"] !== "string") {
      const [, device = "", kind = "", number = "0"] = status ?? [];
      return orOther(measure(device, kind, number, fields, timeOf(undefined, heardAt)), "status");
    }
    const device = fields["src"];
    const params = fieldsOf(fields["params"]) ?? {};
    const at = timeOf(params["ts"], heardAt);
    const measured = Object.entries(params).flatMap(([name, component]) => {
      const [, kind, number = "0"] = COMPONENT.exec(name) ?? [];
      return kind === undefined ? [] : measure(device, kind, number, component, at);
    });
    return orOther(measured, String(fields["method"]));
  },
};
