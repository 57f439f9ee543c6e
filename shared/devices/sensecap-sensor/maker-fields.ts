/** Names in SenseCAP's own decoders: a list of messages, brought into one object. */
import type { MakerField, MakerFields } from "../maker-field.ts";
import { sensecapMeasurements } from "./decoder.ts";

interface Message {
  type?: string;
  measurementId?: number | string;
  measurementValue?: number | string;
  battery?: number;
  "Battery(%)"?: number;
}

function restate(data: unknown): unknown {
  const said = data as { messages?: (Message | Message[])[] } & Record<string, unknown>;
  const fields: Record<string, unknown> = {};
  for (const message of (said.messages ?? []).flat()) {
    const { measurementId, measurementValue } = message;
    if (measurementValue !== undefined)
      fields[`measurement_${measurementId}`] = Number(measurementValue);
    const battery = message.battery ?? message["Battery(%)"];
    if (battery !== undefined) fields["battery"] = battery;
  }
  // One of them has short names and no list.
  for (const [name, value] of Object.entries(said)) {
    const id = /^m(\d{4})$/.exec(name)?.[1];
    if (id !== undefined) fields[`measurement_${id}`] = value;
    if (name === "batteryPercent") fields["battery"] = value;
  }
  return fields;
}

/** The maker's numbers are in the unit its manual gives for an id. */
const field = (
  id: number,
  [register, unit, scale]: readonly [MakerField["register"], MakerField["unit"], number],
) => [`measurement_${id}`, { register, unit, scale: scale + 3 }] as const;

export const sensecapFields: MakerFields = {
  devices: {
    "sensecap/sensecap-air-th": "sensecap/air-th",
    "sensecap/sensecap-co2": "sensecap/co2",
    "sensecap/sensecap-light": "sensecap/light",
    "sensecap/sensecap-soil-th": "sensecap/soil-th",
    "sensecap/sensecaps2101-temp-humid": "sensecap/s2101",
    "sensecap/sensecaps2102-light": "sensecap/s2102",
    "sensecap/sensecaps2103-co2-temp-humid": "sensecap/s2103",
    "sensecap/sensecaps2104-soil-moisture-temp": "sensecap/s2104",
    "sensecap/sensecaps2105-soll-moisture-temp-ec": "sensecap/s2105",
    "sensecap/s2106": "sensecap/s2106",
    "sensecap/sensecaps2120-8-in-1": "sensecap/s2120",
  },
  restate,
  fields: {
    ...Object.fromEntries(
      Object.entries(sensecapMeasurements).map(([id, measurement]) =>
        field(Number(id), measurement),
      ),
    ),
    battery: { register: "battery", unit: "%" },
  },
  ignored: ["measurement_4190"],
  // Measurements of probes that no building has; ours keeps the bytes.
  settings: /^measurement_(41\d\d|4[2-9]\d\d|5\d\d\d)$/,
};
