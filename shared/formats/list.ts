/**
 * `list`: every format that is told apart by its shape, the more particular ones first.
 */
import { basicsStation } from "./basics-station.ts";
import { batchOf } from "./batch.ts";
import { chirpstackGatewayBridge } from "./chirpstack-gateway-bridge.ts";
import { chirpstackV3 } from "./chirpstack-v3.ts";
import { chirpstackV4 } from "./chirpstack-v4.ts";
import { customJson } from "./custom-json.ts";
import type { Format, Message } from "./format.ts";
import { homeAssistant } from "./home-assistant.ts";
import { helium } from "./helium.ts";
import { kerlink } from "./kerlink.ts";
import { loriot } from "./loriot.ts";
import { milesight } from "./milesight.ts";
import { multitech } from "./multitech.ts";
import { rakWisgate } from "./rak-wisgate.ts";
import { senet } from "./senet.ts";
import { shelly } from "./shelly.ts";
import { sparkplugB } from "./sparkplug-b.ts";
import type { SourceMemory } from "./source-memory.ts";
import { tasmota } from "./tasmota.ts";
import { theThingsStackV3 } from "./the-things-stack-v3.ts";
import { thingpark } from "./thingpark.ts";
import { wmbusmeters } from "./wmbusmeters.ts";
import { zigbee2mqtt } from "./zigbee2mqtt.ts";

export const formats: readonly Format[] = [
  chirpstackV4,
  theThingsStackV3,
  // Before ChirpStack 3, whose shape they have and more.
  rakWisgate,
  milesight,
  chirpstackV3,
  chirpstackGatewayBridge,
  basicsStation,
  thingpark,
  loriot,
  kerlink,
  helium,
  senet,
  multitech,
  sparkplugB,
  shelly,
  tasmota,
  wmbusmeters,
  customJson,
  // By hardly more than one field.
  zigbee2mqtt,
  // By what was said of a topic before: last, for whose own format knows more.
  homeAssistant,
];

const single = (message: Message, memory?: SourceMemory) =>
  formats.find((format) => format.recognises(message, memory));
const batch = batchOf(single);

/** The format of a message, of a list of them `batch`, or undefined when none knows its shape. */
export function recognise(message: Message, memory?: SourceMemory): Format | undefined {
  return single(message, memory) ?? (batch.recognises(message, memory) ? batch : undefined);
}
