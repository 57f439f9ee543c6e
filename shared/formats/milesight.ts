/**
 * `milesight`: the network server inside Milesight's LoRaWAN gateways.
 *
 * Topics are free text there, so that the device is known by the body alone. The body is an
 * older ChirpStack's, told apart by its gateways' `mac`, by `spreadFactor`, or by a gateway time.
 *
 * @see Milesight support, "How to read the MQTT payload of Milesight gateways"
 */
import { isFlatEvent, parseFlatEvent } from "./chirpstack-v3.ts";
import type { Format } from "./format.ts";
import { fieldsOf, itemsOf } from "./message.ts";

const NAME = "milesight";

export const milesight: Format = {
  name: NAME,
  recognises({ body }) {
    if (!isFlatEvent(body)) return false;
    const dataRate = fieldsOf(fieldsOf(body["txInfo"])?.["dataRate"]);
    const hasMac = itemsOf(body["rxInfo"]).some((item) => "mac" in (fieldsOf(item) ?? {}));
    return (
      hasMac || (dataRate !== undefined && "spreadFactor" in dataRate) || "gatewayTime" in body
    );
  },
  // The topic is left out: whatever it ends with means nothing.
  parse: ({ body }, context) => parseFlatEvent({ topic: null, body }, context, NAME),
};
