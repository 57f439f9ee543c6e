/**
 * `chirpstack-v3`: the application events of ChirpStack 3 (and 2), as JSON, and of servers made
 * from it. EUIs come in hexadecimal or base64, by the marshaler chosen.
 *
 * @see ChirpStack 3 documentation, "Application Server", "Event types"
 */
import { Fault } from "#shared/model/fault.ts";
import { fromBase64 } from "./base64.ts";
import { readDevAddr, readDeviceId, readEui } from "./eui.ts";
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

type Fields = Readonly<Record<string, unknown>>;
const TOPIC_EVENT = /\/(?:event\/)?([a-z]+)$/;
const events: Readonly<Record<string, string>> = {
  up: "up",
  rx: "up",
  join: "join",
  ack: "ack",
  txack: "txack",
  status: "status",
  error: "error",
  location: "location",
  integration: "integration",
};

function eventOf(topic: string | null, body: Fields): string | undefined {
  const word = topic === null ? undefined : TOPIC_EVENT.exec(topic)?.[1];
  const named = word === undefined ? undefined : events[word];
  if (named !== undefined && topic?.startsWith("application/")) return named;
  if ("acknowledged" in body) return "ack";
  if ("error" in body) return "error";
  if ("margin" in body || "batteryLevel" in body) return "status";
  if ("integrationName" in body) return "integration";
  if ("data" in body || "fPort" in body || "fCnt" in body || "rxInfo" in body)
    return "devAddr" in body && !("data" in body) && !("fCnt" in body) && !("fPort" in body)
      ? "join"
      : "up";
  if ("location" in body) return "location";
  return "devAddr" in body ? "join" : undefined;
}

const antennaOf = (hearing: Fields | undefined): unknown => {
  const id = hearing?.["gatewayID"] ?? hearing?.["mac"];
  try {
    return readEui(id, "gatewayID");
  } catch {
    return id; // some servers give gateways names
  }
};

function timeOf(
  body: Fields,
  hearings: readonly (Fields | undefined)[],
  context: FormatContext,
): Pick<FormatResult["uplinks"][number], "time" | "timeSource"> {
  const texts = [
    body["time"],
    ...hearings.map((hearing) => hearing?.["time"]),
    body["publishedAt"],
  ];
  const time = texts.map(readInstant).find((found) => found !== undefined);
  return time === undefined
    ? { time: context.heardAt, timeSource: "gateway" }
    : { time, timeSource: "server" };
}

/** True when `body` is an event with the device's address at its top. */
export function isFlatEvent(body: unknown): body is Fields {
  const fields = fieldsOf(body);
  if (fields === undefined || !("devEUI" in fields)) return false;
  // Servers that let an operator choose the fields may leave the application out.
  return "applicationID" in fields || Array.isArray(fields["rxInfo"]);
}

/** One event of such a server; `via` names it. */
export function parseFlatEvent(
  { topic, body }: Message,
  context: FormatContext,
  via: string,
): FormatResult {
  const fields = fieldsOf(body) ?? {};
  const deviceId = readDeviceId(fields["devEUI"], "devEUI");
  const event = eventOf(topic, fields);
  if (event === undefined)
    throw new Fault("invalid", "The event is of no known kind.", { field: "body" });
  const hearings = itemsOf(fields["rxInfo"]).map(fieldsOf);
  const session = readDevAddr(fields["devAddr"]);
  if (event === "join") {
    if (session === null)
      throw new Fault("invalid", "devAddr is no device address.", { field: "devAddr" });
    return result({ joins: [{ deviceId, session, time: timeOf(fields, hearings, context).time }] });
  }
  if (event !== "up") return result({ other: event, about: deviceId });
  const transmitted = fieldsOf(fields["txInfo"]);
  const lora = fieldsOf(transmitted?.["loRaModulationInfo"]) ?? fieldsOf(transmitted?.["dataRate"]);
  const data = fields["data"];
  return result({
    uplinks: [
      {
        deviceId,
        session,
        fCnt: readFrameCounter(fields["fCnt"], "fCnt"),
        fPort: readPort(fields["fPort"], "fPort"),
        payload: data === undefined || data === null ? new Uint8Array() : fromBase64(data, "data"),
        ...timeOf(fields, hearings, context),
        radio: bestRadio(
          hearings.map((hearing) => ({
            antenna: antennaOf(hearing),
            rssi: hearing?.["rssi"],
            snr: hearing?.["loRaSNR"],
          })),
          {
            sf: lora?.["spreadingFactor"] ?? lora?.["spreadFactor"],
            frequencyHz: transmitted?.["frequency"],
          },
        ),
        via,
      },
    ],
    antennaTimes: hearings.flatMap((hearing) => readInstant(hearing?.["time"]) ?? []),
  });
}

export const chirpstackV3: Format = {
  name: "chirpstack-v3",
  recognises: ({ body }) => isFlatEvent(body),
  parse: (message, context) => parseFlatEvent(message, context, "chirpstack-v3"),
};
