/**
 * `thingpark`: Actility ThingPark's tunnel messages, whose numbers are text.
 *
 * @see Actility, "ThingPark Wireless, LRC-AS Tunnel Interface"
 */
import { Fault } from "#shared/model/fault.ts";
import { readDevAddr, readDeviceId } from "./eui.ts";
import { flatUplink } from "./flat-uplink.ts";
import { result, type Format } from "./format.ts";
import { readInstant } from "./instants.ts";
import { fieldsOf, itemsOf } from "./message.ts";
import { looseNumber } from "./numbers.ts";

const NAME = "thingpark";
/** `DevEUI_uplink`, `DevEUI_notification`, `DevEUI_downlink_Sent`, … */
const KIND = /^DevEUI_[A-Za-z_]+$/;
const kindOf = (fields: Readonly<Record<string, unknown>>) =>
  Object.keys(fields).find((key) => KIND.test(key));

export const thingpark: Format = {
  name: NAME,
  recognises({ body }) {
    const fields = fieldsOf(body);
    const kind = fields === undefined ? undefined : kindOf(fields);
    return kind !== undefined && fieldsOf(fields?.[kind]) !== undefined;
  },
  parse({ body }, context) {
    const outer = fieldsOf(body) ?? {};
    const kind = kindOf(outer) ?? "";
    const fields = fieldsOf(outer[kind]) ?? {};
    const time = readInstant(fields["Time"]);
    if (time === undefined && fields["Time"] !== undefined)
      throw new Fault("invalid", "Time is no RFC 3339 moment.", { field: "Time" });
    if (kind !== "DevEUI_uplink") {
      const deviceId = readDeviceId(fields["DevEUI"], "DevEUI");
      const session = readDevAddr(fields["DevAddr"]);
      const isJoin =
        kind === "DevEUI_notification" && fields["Type"] === "join" && session !== null;
      return isJoin
        ? result({ joins: [{ deviceId, session, time: time ?? context.heardAt }] })
        : result({ other: kind, about: deviceId });
    }
    const others = itemsOf(fieldsOf(fields["Lrrs"])?.["Lrr"]).map(fieldsOf);
    const megahertz = looseNumber(fields["Frequency"]);
    return flatUplink(
      {
        via: NAME,
        devEui: fields["DevEUI"],
        devAddr: fields["DevAddr"],
        fCnt: fields["FCntUp"],
        fPort: fields["FPort"],
        data: fields["payload_hex"],
        encoding: "hex",
        time,
        hearings: [
          { antenna: fields["Lrrid"], rssi: fields["LrrRSSI"], snr: fields["LrrSNR"] },
          ...others.map((lrr) => ({
            antenna: lrr?.["Lrrid"],
            rssi: lrr?.["LrrRSSI"],
            snr: lrr?.["LrrSNR"],
          })),
        ],
        sf: looseNumber(fields["SpFact"]),
        frequencyHz: megahertz === undefined ? undefined : megahertz * 1e6,
      },
      context,
    );
  },
};
