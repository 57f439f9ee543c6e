/** `named-device`: the device a call names in its path, in any letter case and with any separators. */
import { z } from "zod";
import { Fault } from "#shared/model/fault.ts";
import { DevEui, DeviceId } from "#shared/model/ids.ts";

export const DeviceParams = z.object({ dev_eui: z.string().max(100) });

/** @throws Fault "not_found" for what can be nobody's id */
export function deviceIdOf(text: string): DeviceId {
  const id = DevEui.safeParse(text).data ?? DeviceId.safeParse(text.toLowerCase()).data;
  if (id === undefined) throw new Fault("not_found", "There is no such device here.");
  return id as DeviceId;
}
