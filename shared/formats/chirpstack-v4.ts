/**
 * `chirpstack-v4`: the application events of ChirpStack 4, as JSON, over MQTT or a webhook.
 *
 * Names of tenants, applications and devices in it are people's words and are not kept.
 * Protobuf's JSON leaves out zero and false: an absent frame counter is 0.
 *
 * @see ChirpStack documentation, "Integrations", "Event types"
 */
import { Fault } from "#shared/model/fault.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import { fromBase64 } from "./base64.ts";
import { readDevAddr, readDeviceId } from "./eui.ts";
import {
  result,
  type Format,
  type FormatContext,
  type FormatResult,
  type Message,
} from "./format.ts";
import { readInstant } from "./instants.ts";
import { fieldsOf, itemsOf } from "./message.ts";
import { readFrameCounter, readPort } from "./numbers.ts";
import { bestRadio } from "./radio.ts";

const NAME = "chirpstack-v4";
const events = ["up", "join", "ack", "txack", "status", "log", "location", "integration"] as const;
type Event = (typeof events)[number];
type Fields = Readonly<Record<string, unknown>>;

const TOPIC_EVENT = /\/event\/([a-z]+)$/;

/** The event's kind by the topic, else by the fields that only one kind has. */
function eventOf(topic: string | null, body: Fields): Event | undefined {
  const named = topic === null ? undefined : TOPIC_EVENT.exec(topic)?.[1];
  const known = events.find((event) => event === named);
  if (known !== undefined) return known;
  if ("integrationName" in body) return "integration";
  if ("location" in body) return "location";
  if ("level" in body || "code" in body) return "log";
  if ("downlinkId" in body) return "txack";
  if ("queueItemId" in body) return "ack";
  if ("rxInfo" in body || "data" in body || "fPort" in body || "dr" in body) return "up";
  if ("margin" in body || "batteryLevel" in body || "externalPowerSource" in body) return "status";
  return "devAddr" in body ? "join" : undefined;
}

/** A GPS time among the hearings makes the event's time a radio's, not a computer's. */
function timeSourceOf(hearings: readonly (Fields | undefined)[]): "radio" | "server" {
  return hearings.some((hearing) => hearing?.["timeSinceGpsEpoch"] !== undefined)
    ? "radio"
    : "server";
}

function timeOf(body: Fields): number | undefined {
  if (body["time"] === undefined || body["time"] === null) return undefined;
  const time = readInstant(body["time"]);
  if (time === undefined)
    throw new Fault("invalid", "time is no RFC 3339 moment.", { field: "time" });
  return time;
}

function parseUp(body: Fields, deviceId: DeviceId, context: FormatContext): FormatResult {
  const time = timeOf(body);
  const hearings = itemsOf(body["rxInfo"]).map(fieldsOf);
  const transmitted = fieldsOf(body["txInfo"]);
  const lora = fieldsOf(fieldsOf(transmitted?.["modulation"])?.["lora"]);
  const data = body["data"];
  return result({
    uplinks: [
      {
        deviceId,
        session: readDevAddr(body["devAddr"]),
        fCnt: readFrameCounter(body["fCnt"], "fCnt"),
        fPort: readPort(body["fPort"], "fPort"),
        payload: data === undefined || data === null ? new Uint8Array() : fromBase64(data, "data"),
        time: time ?? context.heardAt,
        timeSource: time === undefined ? "gateway" : timeSourceOf(hearings),
        radio: bestRadio(
          hearings.map((hearing) => ({
            antenna: hearing?.["gatewayId"],
            rssi: hearing?.["rssi"],
            snr: hearing?.["snr"],
          })),
          { sf: lora?.["spreadingFactor"], frequencyHz: transmitted?.["frequency"] },
        ),
        via: NAME,
      },
    ],
  });
}

export const chirpstackV4: Format = {
  name: NAME,
  recognises({ body }: Message): boolean {
    const device = fieldsOf(fieldsOf(body)?.["deviceInfo"]);
    return device !== undefined && "devEui" in device;
  },
  parse({ topic, body }, context) {
    const fields = fieldsOf(body) ?? {};
    const deviceId = readDeviceId(fieldsOf(fields["deviceInfo"])?.["devEui"], "deviceInfo.devEui");
    const event = eventOf(topic, fields);
    if (event === undefined)
      throw new Fault("invalid", "The event is of no known kind.", { field: "body" });
    if (event === "up") return parseUp(fields, deviceId, context);
    if (event !== "join") return result({ other: event, about: deviceId });
    const session = readDevAddr(fields["devAddr"]);
    if (session === null)
      throw new Fault("invalid", "devAddr is no device address.", { field: "devAddr" });
    return result({ joins: [{ deviceId, session, time: timeOf(fields) ?? context.heardAt }] });
  },
};
