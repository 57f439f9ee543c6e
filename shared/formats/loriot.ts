/**
 * `loriot`: LORIOT's uplinks: `rx` from one gateway, `gw` from all that heard it.
 *
 * Both may come for one uplink: the same device, counter and payload, so one reading.
 *
 * @see LORIOT documentation, "Application API data format"
 */
import { epochMs, flatUplink } from "./flat-uplink.ts";
import { result, type Format } from "./format.ts";
import { fieldsOf, itemsOf } from "./message.ts";
import { readDeviceId } from "./eui.ts";

const NAME = "loriot";

export const loriot: Format = {
  name: NAME,
  recognises({ body }) {
    const fields = fieldsOf(body);
    return fields !== undefined && typeof fields["cmd"] === "string" && "EUI" in fields;
  },
  parse({ body }, context) {
    const fields = fieldsOf(body) ?? {};
    // Encrypted payloads come under another name: without the keys they are of no use.
    if ((fields["cmd"] !== "rx" && fields["cmd"] !== "gw") || "encdata" in fields)
      return result({
        other: "encdata" in fields ? "encrypted" : String(fields["cmd"]),
        about: readDeviceId(fields["EUI"], "EUI"),
      });
    const gateways = itemsOf(fields["gws"]).map(fieldsOf);
    return flatUplink(
      {
        via: NAME,
        devEui: fields["EUI"],
        devAddr: fields["devaddr"],
        fCnt: fields["fcnt"],
        fPort: fields["port"],
        data: fields["data"],
        encoding: "hex",
        time: epochMs(fields["ts"]),
        hearings: [
          { rssi: fields["rssi"], snr: fields["snr"] },
          ...gateways.map((gateway) => ({
            antenna: gateway?.["gweui"],
            rssi: gateway?.["rssi"],
            snr: gateway?.["snr"],
          })),
        ],
        sf: fields["dr"],
        frequencyHz: fields["freq"],
      },
      context,
    );
  },
};
