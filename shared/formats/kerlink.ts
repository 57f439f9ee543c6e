/**
 * `kerlink`: Kerlink Wanesy Management Center's data messages.
 *
 * @see Kerlink WMC API, "DataUpDto"
 */
import { epochMs, flatUplink } from "./flat-uplink.ts";
import { result, type Format } from "./format.ts";
import { fieldsOf, itemsOf } from "./message.ts";
import { looseNumber } from "./numbers.ts";
import { readDeviceId } from "./eui.ts";

const NAME = "kerlink";

export const kerlink: Format = {
  name: NAME,
  recognises({ body }) {
    const fields = fieldsOf(body);
    return (
      fieldsOf(fields?.["endDevice"]) !== undefined &&
      "devEui" in (fieldsOf(fields?.["endDevice"]) ?? {})
    );
  },
  parse({ body }, context) {
    const fields = fieldsOf(body) ?? {};
    const device = fieldsOf(fields["endDevice"]) ?? {};
    // A first frame's counter may be left out as zero; an event has neither counter nor payload.
    const isUplink = "fCntUp" in fields || "payload" in fields;
    if (!isUplink || fields["encrypted"] === true)
      return result({
        other: fields["encrypted"] === true ? "encrypted" : "event",
        about: readDeviceId(device["devEui"], "endDevice.devEui"),
      });
    const megahertz = looseNumber(fields["ulFrequency"]);
    return flatUplink(
      {
        via: NAME,
        devEui: device["devEui"],
        devAddr: device["devAddr"],
        fCnt: fields["fCntUp"],
        fPort: fields["fPort"],
        data: fields["payload"],
        encoding: fields["encodingType"] === "HEXA" ? "hex" : "base64",
        time: epochMs(fields["recvTime"]),
        hearings: itemsOf(fields["gwInfo"])
          .map(fieldsOf)
          .map((gateway) => ({
            antenna: gateway?.["gwEui"],
            rssi: gateway?.["rssi"],
            snr: gateway?.["snr"],
          })),
        sf: fields["dataRate"],
        frequencyHz: megahertz === undefined ? undefined : megahertz * 1e6,
      },
      context,
    );
  },
};
