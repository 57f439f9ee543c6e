/**
 * Yobiiq: electricity meters EM2101 and EM4301, the P1 reader iQ DSMR and the relay iQ RM200.
 *
 * A measurement is a channel, a type and a number, highest byte first; the type alone says what it
 * is. Ports from 50 on tell settings, and on port 50 a meter its relay too; port 11 tells a changed
 * state, and a single byte says how a downlink went. A logger's time is that of its values; a P1 telegram's is local and not taken.
 *
 * @see the uplink decoders that Yobiiq publishes for EM2101, EM4301, iQ DSMR and iQ RM200
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { MeterKindId } from "#shared/model/meter-kinds.ts";
import type { RegisterId, Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import {
  dsmr,
  meterSettings,
  relay,
  singlePhase,
  states,
  threePhases,
  type Types,
} from "./measurements.ts";

const STATE_PORT = 11;
const SETTINGS_PORT = 50;
/** A modbus error stands under a type that elsewhere is a register. */
const MODBUS_ERROR = 0x0b0a;

function read(types: Types, payload: Uint8Array) {
  const reader = new ByteReader(payload);
  const values = new Map<RegisterId, Value>();
  let time: number | undefined;
  while (reader.left > 0) {
    const id = reader.u16be();
    const type = id & 0xff;
    if (id === MODBUS_ERROR) {
      reader.skip(1);
      continue;
    }
    const read = Object.hasOwn(types, type) ? types[type] : undefined;
    if (read === undefined) return reader.fail(`has an unknown type ${type.toString(16)}`);
    if (read === "time") time = reader.u32be() * 1000;
    else for (const value of read(reader)) values.set(value.register, value);
  }
  if (values.size === 0) return [];
  return [{ ...(time === undefined ? {} : { time }), values: [...values.values()] }];
}

const meter = (
  name: string,
  title: string,
  types: Types,
  registers: readonly RegisterId[],
  kind: MeterKindId = "electricity",
): Decoder => ({
  model: `yobiiq/${name}`,
  version: 1,
  title: `Yobiiq ${title}`,
  kind,
  registers,
  decode(payload, { fPort }) {
    if (payload.length === 0) new ByteReader(payload).fail("is empty");
    if (payload.length === 1) return [];
    if (fPort === SETTINGS_PORT && types !== dsmr && types !== relay)
      return read(meterSettings, payload);
    if (fPort !== null && fPort >= SETTINGS_PORT) return [];
    return read(fPort === STATE_PORT ? states : types, payload);
  },
});

const energy = ["1-0:1.8.1", "1-0:1.8.2", "1-0:2.8.1", "1-0:2.8.2"] as const;
const reactive = ["1-0:3.8.1", "1-0:3.8.2", "1-0:4.8.1", "1-0:4.8.2"] as const;
const first = ["1-0:32.7.0", "1-0:31.7.0", "1-0:21.7.0"] as const;
const others = [
  ...(["1-0:52.7.0", "1-0:72.7.0", "1-0:51.7.0", "1-0:71.7.0"] as const),
  ...(["1-0:41.7.0", "1-0:61.7.0"] as const),
] as const;
const net = ["1-0:33.7.0", "1-0:14.7.0", "power_mean", "relay", "input"] as const;
const threePhase: readonly RegisterId[] = [
  ...energy,
  ...reactive,
  ...first,
  ...others,
  ...net,
  ...(["1-0:11.7.0", "1-0:1.7.0", "1-0:53.7.0", "1-0:73.7.0"] as const),
];

export const yobiiq: readonly Decoder[] = [
  meter("em2101", "EM2101", singlePhase, [
    ...energy,
    ...reactive,
    ...first,
    ...net,
    ...(["1-0:3.7.0", "1-0:9.7.0"] as const),
  ]),
  meter("em4301", "EM4301", threePhases, threePhase),
  meter("em4301-ct", "EM4301 CT", threePhases, threePhase),
  meter("iq-dsmr-lrw", "iQ DSMR", dsmr, [
    ...energy,
    ...first,
    ...others,
    ...(["1-0:1.7.0", "ambient_temperature", "temperature", "humidity"] as const),
    ...(["pulses", "pulses_2", "relay", "input"] as const),
  ]),
  meter(
    "iq-rm200-lrw",
    "iQ RM200",
    relay,
    [
      ...(["relay", "relay_2", "switch_count", "input"] as const),
      ...(["ambient_temperature", "temperature", "humidity"] as const),
    ],
    "temperature",
  ),
];
