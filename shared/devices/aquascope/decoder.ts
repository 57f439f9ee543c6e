/**
 * AquaScope: the ball valve servo BVS and the leak sensors FLO and WWD. Port 10 tells a change,
 * port 16 how things stand, where nothing is said of a leak.
 *
 * @see the uplink decoders that AquaScope publishes
 */
import type { Decoder } from "#shared/model/decoder.ts";
import type { Value } from "#shared/model/registers.ts";
import { ByteReader } from "../byte-reader.ts";
import { exact } from "../exact.ts";

const CHANGE_PORT = 10;
const STATE_PORT = 16;
const LEAK = 0x01;
const VALVE_OPEN = 0x20;

const device = (name: string, title: string, isValve: boolean): Decoder => ({
  model: `aquascope/${name}`,
  version: 1,
  title: `AquaScope ${title}`,
  kind: "leak",
  registers: ["leak", "temperature", isValve ? "valve" : "battery"],
  decode(payload, { fPort }) {
    const reader = new ByteReader(payload);
    if (fPort !== null && fPort !== CHANGE_PORT && fPort !== STATE_PORT)
      reader.fail(`came on port ${fPort}`);
    const bits = reader.u8();
    const charge = reader.u8();
    const temperature = exact("temperature", reader.i16be(), 0, "C");
    reader.end();
    const leak: Value[] =
      fPort === STATE_PORT ? [] : [exact("leak", bits & LEAK ? 1 : 0, 0, "none")];
    const own = isValve
      ? exact("valve", bits & VALVE_OPEN ? 1 : 0, 0, "none")
      : exact("battery", charge, 0, "%");
    return [{ values: [...leak, own, temperature] }];
  },
});

export const aquascope: readonly Decoder[] = [
  device("bvs", "BVS", true),
  device("flo", "FLO", false),
  device("wwd", "WWD", false),
];
