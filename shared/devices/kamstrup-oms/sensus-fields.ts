/** Names in the decoder of Sensus' iPERL: records as EN 13757-3 has them, brought into readings of one time each. */
import { z } from "zod";
import type { MakerFields } from "../maker-field.ts";

const Row = z.looseObject({ scaledValue: z.number(), timestamp: z.number() });
const Item = z.looseObject({
  vifType: z.string(),
  scaledValue: z.number().nullable(),
  value: z.number().nullable(),
  values: z.array(Row).nullable(),
});
const Said = z.looseObject({ alarms: z.array(z.string()), records: z.array(Item) });

function restate(data: unknown): unknown {
  const { alarms, records } = Said.parse(data);
  const time = records.find(({ vifType }) => vifType === "TIME_POINT")?.value ?? undefined;
  const volumes = records.filter(({ vifType }) => vifType === "VOLUME");
  const now = volumes.find(({ values }) => values === null)?.scaledValue ?? undefined;
  // Oldest first, and the last one is the value of now again.
  const rows = (volumes.find(({ values }) => values !== null)?.values ?? []).slice(0, -1).reverse();
  return [
    { time, volume: now, battery_low: alarms.includes("LOW_BATTERY") },
    ...rows.map((row) => ({ time: row.timestamp, volume: row.scaledValue })),
  ];
}

export const sensusFields: MakerFields = {
  devices: { "sensus/iperl": "sensus/iperl" },
  restate,
  fields: {
    "[].time": "time",
    "[].volume": { register: "8-0:1.0.0", unit: "m3" },
    "[].battery_low": { register: "battery_low", unit: "none", words: { true: 1, false: 0 } },
  },
  ignored: [],
};
