/** Names in SenseCAP's own decoders: a list of messages, brought into one object. */
import type { MakerFields } from "../maker-field.ts";

interface Message {
  type?: string;
  measurementId?: number;
  measurementValue?: number;
  battery?: number;
}

function restate(data: unknown): unknown {
  const { messages = [] } = data as { messages?: Message[] };
  const fields: Record<string, unknown> = {};
  for (const { type, measurementId, measurementValue, battery } of messages) {
    if (type === "report_telemetry") fields[`measurement_${measurementId}`] = measurementValue;
    if (type === "upload_battery") fields["battery"] = battery;
  }
  return fields;
}

export const sensecapFields: MakerFields = {
  devices: {
    "sensecap/sensecap-air-th": "sensecap/air-th",
    "sensecap/sensecaps2101-temp-humid": "sensecap/s2101",
  },
  restate,
  fields: {
    measurement_4097: { register: "temperature", unit: "C" },
    measurement_4098: { register: "humidity", unit: "%" },
    battery: { register: "battery", unit: "%" },
  },
  ignored: [],
};
