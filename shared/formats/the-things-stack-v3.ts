/**
 * `the-things-stack-v3`: The Things Stack's application messages, over MQTT or a webhook.
 *
 * Zero and false are left out, frequencies are text. The time is the network server's own
 * (`uplink_message.received_at`); a gateway's GPS time is better and taken when it is there.
 *
 * @see The Things Stack documentation, "Data formats"
 */
import { Fault } from "#shared/model/fault.ts";
import { fromBase64 } from "./base64.ts";
import { readDevAddr, readDeviceId } from "./eui.ts";
import { result, type Format, type FormatContext, type FormatResult } from "./format.ts";
import { readInstant } from "./instants.ts";
import { fieldsOf, itemsOf } from "./message.ts";
import { readFrameCounter, readPort } from "./numbers.ts";
import { bestRadio } from "./radio.ts";

const NAME = "the-things-stack-v3";
type Fields = Readonly<Record<string, unknown>>;

/** The kinds of message, by the field that holds them; what is not listed is none of ours. */
const kinds = [
  "uplink_message",
  "uplink_normalized",
  "join_accept",
  "downlink_ack",
  "downlink_nack",
  "downlink_sent",
  "downlink_failed",
  "downlink_queued",
  "downlink_queue_invalidated",
  "location_solved",
  "service_data",
  "downlinks",
] as const;

function timeOf(
  uplink: Fields,
  body: Fields,
  context: FormatContext,
): Pick<FormatResult["uplinks"][number], "time" | "timeSource"> {
  const byGps = itemsOf(uplink["rx_metadata"])
    .map((item) => readInstant(fieldsOf(item)?.["gps_time"]))
    .find((time) => time !== undefined);
  if (byGps !== undefined) return { time: byGps, timeSource: "radio" };
  for (const text of [uplink["received_at"], body["received_at"]]) {
    const time = readInstant(text);
    if (time !== undefined) return { time, timeSource: "server" };
    if (text !== undefined && text !== null)
      throw new Fault("invalid", "received_at is no RFC 3339 moment.", { field: "received_at" });
  }
  return { time: context.heardAt, timeSource: "gateway" };
}

function parseUplink(
  uplink: Fields,
  body: Fields,
  ids: Fields,
  context: FormatContext,
): FormatResult {
  const settings = fieldsOf(uplink["settings"]);
  const lora = fieldsOf(fieldsOf(settings?.["data_rate"])?.["lora"]);
  const metadata = itemsOf(uplink["rx_metadata"]).map(fieldsOf);
  const payload = uplink["frm_payload"];
  return result({
    uplinks: [
      {
        deviceId: readDeviceId(ids["dev_eui"], "end_device_ids.dev_eui"),
        session: readDevAddr(ids["dev_addr"]),
        fCnt: readFrameCounter(uplink["f_cnt"], "uplink_message.f_cnt"),
        fPort: readPort(uplink["f_port"], "uplink_message.f_port"),
        payload:
          payload === undefined || payload === null
            ? new Uint8Array()
            : fromBase64(payload, "uplink_message.frm_payload"),
        ...timeOf(uplink, body, context),
        radio: bestRadio(
          metadata.map((item) => ({
            antenna:
              fieldsOf(item?.["gateway_ids"])?.["eui"] ??
              fieldsOf(item?.["gateway_ids"])?.["gateway_id"],
            rssi: item?.["rssi"],
            snr: item?.["snr"],
          })),
          { sf: lora?.["spreading_factor"], frequencyHz: settings?.["frequency"] },
        ),
        via: NAME,
      },
    ],
    antennaTimes: metadata.flatMap((item) => readInstant(item?.["time"]) ?? []),
  });
}

/** The storage integration wraps a message in `result`, the event stream in `data`. */
function unwrapped(body: unknown): Fields | undefined {
  const fields = fieldsOf(body);
  if (fields === undefined || "end_device_ids" in fields) return fields;
  const inner = fieldsOf(fields["result"]) ?? fieldsOf(fields["data"]);
  return inner !== undefined && "end_device_ids" in inner ? inner : fields;
}

export const theThingsStackV3: Format = {
  name: NAME,
  recognises({ body }) {
    const fields = unwrapped(body);
    return (
      fields !== undefined &&
      fieldsOf(fields["end_device_ids"]) !== undefined &&
      kinds.some((kind) => kind in fields)
    );
  },
  parse({ body }, context) {
    const fields = unwrapped(body) ?? {};
    const ids = fieldsOf(fields["end_device_ids"]) ?? {};
    const kind = kinds.find((name) => name in fields);
    const message = fieldsOf(kind === undefined ? undefined : fields[kind]);
    // Made by hand in the console: no device said it.
    const isSimulated = fields["simulated"] === true;
    if (kind === "uplink_message" && message !== undefined && !isSimulated)
      return parseUplink(message, fields, ids, context);
    const deviceId =
      ids["dev_eui"] === undefined ? null : readDeviceId(ids["dev_eui"], "end_device_ids.dev_eui");
    const session = readDevAddr(ids["dev_addr"]);
    if (kind === "join_accept" && deviceId !== null && session !== null) {
      const time =
        readInstant(message?.["received_at"]) ??
        readInstant(fields["received_at"]) ??
        context.heardAt;
      return result({ joins: [{ deviceId, session, time }] });
    }
    return result({ other: isSimulated ? "simulated" : (kind ?? "unknown"), about: deviceId });
  },
};
