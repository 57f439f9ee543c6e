/**
 * `makers`: who made a device, by the first digits of its EUI (the IEEE's list of OUIs and their
 * 28- and 36-bit blocks), for people: it finds the decoder to propose, and decides nothing.
 */
const MAKERS: Readonly<Record<string, string>> = {
  "24e124": "milesight",
  a84041: "dragino",
  "0018b2": "adeunis",
  "00137a": "netvox",
  "647fda": "tektelic",
  "94193a": "elvaco",
  a81758: "elsys",
  "2cf7f1": "sensecap",
  ac1f09: "rak",
  "0004a3": "microchip",
  "8cf957": "browan",
  "58a0cb": "tbs",
  "70b3d52dd": "talkpool",
};

/** The maker's name as its decoders' folder is called; undefined when it is not known. */
export function makerOf(devEui: string): string | undefined {
  for (const digits of [9, 7, 6]) {
    const block = devEui.slice(0, digits);
    if (Object.hasOwn(MAKERS, block)) return MAKERS[block];
  }
  return undefined;
}
