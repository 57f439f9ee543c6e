/**
 * `chirpstack-gateway-bridge`: raw LoRaWAN frames as the ChirpStack Gateway Bridge (3 and 4) and
 * ChirpStack's MQTT Forwarder publish them, in JSON. The frames go to our own network server.
 *
 * Only JSON is read: a bridge set to protobuf is refused with words that say what to change.
 *
 * @see ChirpStack Gateway Bridge documentation, "Payloads" (events, commands, states)
 */
import { Fault } from "#shared/model/fault.ts";
import { fromBase64 } from "./base64.ts";
import { readEui } from "./eui.ts";
import { result, type Format, type FormatResult, type OrderAnswer } from "./format.ts";
import { fromGps, readInstant } from "./instants.ts";
import { fieldsOf, itemsOf } from "./message.ts";
import { looseNumber } from "./numbers.ts";
import { bestRadio } from "./radio.ts";

type Fields = Readonly<Record<string, unknown>>;
const TOPIC = /(?:^|\/)gateway\/([0-9a-f]{16})\/(event|command|state)\/([a-z]+)$/i;

/** A span as protobuf's JSON writes it: `1342.5s`. */
function secondsOf(span: unknown): number | undefined {
  const seconds =
    typeof span === "string" ? /^(\d{1,12}(?:\.\d{1,9})?)s$/.exec(span)?.[1] : undefined;
  return seconds === undefined ? undefined : Number(seconds);
}

function timeOf(heard: Fields): Pick<FormatResult["frames"][number], "time" | "timeSource"> {
  const gps = secondsOf(heard["timeSinceGpsEpoch"] ?? heard["timeSinceGPSEpoch"]);
  if (gps !== undefined) return { time: Math.floor(fromGps(gps * 1000)), timeSource: "radio" };
  const time = readInstant(heard["time"] ?? heard["gwTime"] ?? heard["nsTime"]);
  return time === undefined
    ? { time: null, timeSource: "gateway" }
    : { time, timeSource: "server" };
}

const idIn = (fields: Fields | undefined) => fields?.["gatewayId"] ?? fields?.["gatewayID"];

/** In Hz; ChirpStack 3 counts in kHz. */
function bandwidthOf(lora: Fields | undefined): number | undefined {
  const number = looseNumber(lora?.["bandwidth"]);
  if (number === undefined || number <= 0) return undefined;
  return number <= 2000 ? number * 1000 : number;
}

function contextOf(heard: Fields): string | undefined {
  const context = heard["context"];
  if (context === undefined || context === null || context === "") return undefined;
  return Buffer.from(fromBase64(context, "context")).toString("base64");
}

/**
 * The number of the order an answer is about: `token` (3), or `downlinkId` (4). ChirpStack 3's
 * `downlinkID` of 16 bytes ends in it where a bridge leaves the token out.
 */
function orderOf(fields: Fields): number {
  const number = looseNumber(fields["downlinkId"] ?? fields["downlink_id"] ?? fields["token"]);
  if (number !== undefined) return number;
  const id = fields["downlinkID"] ?? fields["downlinkId"];
  if (typeof id !== "string" || id === "") return 0;
  const bytes = fromBase64(id, "downlinkID");
  return (bytes.at(-2) ?? 0) * 256 + (bytes.at(-1) ?? 0);
}

/** One order holds one frame of ours: the first item that says anything answers it. */
function answerIn(fields: Fields, antenna: string): OrderAnswer {
  const said = itemsOf(fields["items"])
    .map((item) => fieldsOf(item)?.["status"])
    .filter((status) => typeof status === "string")
    .find((status) => status !== "IGNORED");
  const old = fields["error"];
  // A bridge before 3.9 has no items, and an error that is empty when all is well.
  const error = said ?? (typeof old === "string" && old !== "" ? old : undefined);
  const isTaken = error === "OK" || (error === undefined && !("items" in fields));
  return { antenna, order: orderOf(fields), error: isTaken ? "NONE" : (error ?? "IGNORED") };
}

export const chirpstackGatewayBridge: Format = {
  name: "chirpstack-gateway-bridge",
  recognises({ topic, body }) {
    const isOnTopic = topic !== null && TOPIC.test(topic);
    const fields = fieldsOf(body);
    if (fields === undefined) return isOnTopic && body instanceof Uint8Array;
    const isFrame = "phyPayload" in fields && fieldsOf(fields["rxInfo"]) !== undefined;
    return isFrame || (isOnTopic && !("deviceInfo" in fields));
  },
  parse({ topic, body }) {
    if (body instanceof Uint8Array)
      throw new Fault(
        "invalid",
        "The gateway bridge publishes protobuf: set its marshaler to json.",
        { field: "marshaler" },
      );
    const fields = fieldsOf(body) ?? {};
    const named = topic === null ? null : TOPIC.exec(topic);
    const heard = fieldsOf(fields["rxInfo"]);
    const antenna = readEui(idIn(heard) ?? idIn(fields) ?? named?.[1], "gatewayId");
    if (heard === undefined || !("phyPayload" in fields)) {
      const other = named?.[3] ?? "unknown";
      const isAnswer = named?.[2] === "event" && other === "ack";
      return result({
        other,
        about: antenna,
        orderAnswers: isAnswer ? [answerIn(fields, antenna)] : [],
      });
    }
    const transmitted = fieldsOf(fields["txInfo"]);
    const modulation = fieldsOf(transmitted?.["modulation"]);
    const lora = fieldsOf(modulation?.["lora"]) ?? fieldsOf(transmitted?.["loRaModulationInfo"]);
    const radio = bestRadio(
      [{ antenna, rssi: heard["rssi"], snr: heard["snr"] ?? heard["loRaSNR"] }],
      {
        sf: lora?.["spreadingFactor"],
        frequencyHz: transmitted?.["frequency"],
      },
    );
    const bandwidthHz = bandwidthOf(lora);
    const context = contextOf(heard);
    return result({
      frames: [
        {
          phy: fromBase64(fields["phyPayload"], "phyPayload"),
          radio: radio ?? {},
          ...timeOf(heard),
          isIntact: heard["crcStatus"] !== "BAD_CRC",
          ...(bandwidthHz === undefined ? {} : { bandwidthHz }),
          bridge: {
            antenna,
            // 3 says gatewayID, in base64; and names its modulation in a word of its own.
            version: "gatewayID" in heard && modulation === undefined ? 3 : 4,
            ...(context === undefined ? {} : { context }),
          },
        },
      ],
    });
  },
};
