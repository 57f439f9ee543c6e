/**
 * `custom-json`: JSON from somebody's own program: a `dev_eui`, an optional `timestamp`, and values under the
 * names of `told-values`, beside it or together in one object (`object`, `data`, `values` …). Also without
 * values, with `data` as bytes.
 */
import { Fault } from "#shared/model/fault.ts";
import { DeviceId } from "#shared/model/ids.ts";
import { flatUplink } from "./flat-uplink.ts";
import { readEui } from "./eui.ts";
import { result, type Format, type Message } from "./format.ts";
import { readInstant } from "./instants.ts";
import { fieldsOf } from "./message.ts";
import { looseNumber } from "./numbers.ts";
import { isTold, toldValues } from "./told-values.ts";

const NAME = "custom-json";
type Fields = Readonly<Record<string, unknown>>;

const first = (fields: Fields, names: readonly string[]) =>
  names.map((name) => fields[name]).find((value) => value !== undefined && value !== null);
const deviceIn = (fields: Fields) =>
  first(fields, ["dev_eui", "devEui", "devEUI", "DevEUI", "deviceEui", "device_eui"]);
const bytesIn = (fields: Fields) => first(fields, ["payload_hex", "data_hex", "payloadHex"]);

/** What a program may call the object in which it puts its values. */
const TOGETHER = [
  "object",
  "data",
  "values",
  "readings",
  "measurements",
  "decoded",
  "decoded_payload",
  "payload",
];

/** With the values that are told together among those beside the device, which count where both tell one. */
function flat(fields: Fields): Fields {
  const within = TOGETHER.map((name) => fieldsOf(fields[name])).find((one) => one && isTold(one));
  return within ? { ...within, ...fields } : fields;
}

/** A moment as text, or as a number of seconds or milliseconds since 1970. */
function timeIn(fields: Fields): number | undefined {
  const word = first(fields, ["timestamp", "time", "reading_time", "measured_at", "received_at"]);
  if (word === undefined) return undefined;
  const number = looseNumber(word);
  const ms =
    number === undefined ? readInstant(word) : Math.floor(number < 1e11 ? number * 1000 : number);
  if (ms === undefined || ms < 0 || ms > 4.1e12)
    throw new Fault("invalid", "timestamp is no moment.", { field: "timestamp" });
  return ms;
}

function deviceOf(fields: Fields): DeviceId {
  const word = deviceIn(fields);
  if (typeof word !== "string")
    throw new Fault("invalid", "dev_eui is missing.", { field: "dev_eui" });
  try {
    return readEui(word, "dev_eui") as DeviceId;
  } catch (error) {
    // A source without a DevEUI names itself.
    const id = DeviceId.safeParse(word.toLowerCase());
    if (id.success) return id.data;
    throw error;
  }
}

export const customJson: Format = {
  name: NAME,
  recognises({ body }: Message) {
    const fields = fieldsOf(body);
    if (!fields || deviceIn(fields) === undefined || "deviceInfo" in fields) return false;
    return isTold(flat(fields)) || bytesIn(fields) !== undefined;
  },
  parse({ body }, context) {
    const fields = flat(fieldsOf(body) ?? {});
    const time = timeIn(fields);
    const values = toldValues(fields);
    if (values.length > 0)
      return result({
        measured: [
          {
            deviceId: deviceOf(fields),
            reading: {
              time: time ?? context.heardAt,
              timeSource: time === undefined ? "gateway" : "device",
              values,
            },
          },
        ],
      });
    const data = bytesIn(fields);
    if (data === undefined)
      throw new Fault("invalid", "No value in it is a number.", { field: "body" });
    const counter = first(fields, ["f_cnt", "fCnt", "fcnt"]);
    const found = flatUplink(
      {
        via: NAME,
        devEui: deviceIn(fields),
        fCnt: counter,
        fPort: first(fields, ["f_port", "fPort", "fport"]) ?? null,
        data,
        encoding: "hex",
        time,
        hearings: [],
      },
      context,
    );
    // Here an absent counter is none, and the time stands in for it.
    const uplinks = found.uplinks.map((uplink) => ({
      ...uplink,
      fCnt: counter === undefined ? null : uplink.fCnt,
    }));
    return { ...found, uplinks };
  },
};
