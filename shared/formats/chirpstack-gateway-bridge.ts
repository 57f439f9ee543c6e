/**
 * `chirpstack-gateway-bridge`: raw LoRaWAN frames as the ChirpStack Gateway Bridge (3 and 4) and
 * ChirpStack's MQTT Forwarder publish them, in JSON. The frames go to our own network server.
 *
 * @see ChirpStack Gateway Bridge documentation, "Payloads"
 */
import { fromBase64 } from "./base64.ts";
import { readEui } from "./eui.ts";
import { result, type Format, type FormatResult } from "./format.ts";
import { fromGps, readInstant } from "./instants.ts";
import { fieldsOf } from "./message.ts";
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

export const chirpstackGatewayBridge: Format = {
  name: "chirpstack-gateway-bridge",
  recognises({ topic, body }) {
    const fields = fieldsOf(body);
    if (fields === undefined) return false;
    const isFrame = "phyPayload" in fields && fieldsOf(fields["rxInfo"]) !== undefined;
    return isFrame || (topic !== null && TOPIC.test(topic) && !("deviceInfo" in fields));
  },
  parse({ topic, body }) {
    const fields = fieldsOf(body) ?? {};
    const named = topic === null ? null : TOPIC.exec(topic);
    const heard = fieldsOf(fields["rxInfo"]);
    const antenna = readEui(idIn(heard) ?? idIn(fields) ?? named?.[1], "gatewayId");
    if (heard === undefined || !("phyPayload" in fields))
      return result({ other: named?.[3] ?? "unknown", about: antenna });
    const transmitted = fieldsOf(fields["txInfo"]);
    const lora =
      fieldsOf(fieldsOf(transmitted?.["modulation"])?.["lora"]) ??
      fieldsOf(transmitted?.["loRaModulationInfo"]);
    const radio = bestRadio(
      [{ antenna, rssi: heard["rssi"], snr: heard["snr"] ?? heard["loRaSNR"] }],
      {
        sf: lora?.["spreadingFactor"],
        frequencyHz: transmitted?.["frequency"],
      },
    );
    return result({
      frames: [
        {
          phy: fromBase64(fields["phyPayload"], "phyPayload"),
          radio: radio ?? {},
          ...timeOf(heard),
          isIntact: heard["crcStatus"] !== "BAD_CRC",
        },
      ],
    });
  },
};
