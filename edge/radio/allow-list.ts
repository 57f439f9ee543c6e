/**
 * `allow-list`: which addresses may send. The packet forwarder's protocol proves nothing, so the
 * address is all there is.
 */
import { BlockList, isIP } from "node:net";
import { Fault } from "#shared/model/fault.ts";

/** Tells whether an address, as a socket gives it, is on the list. */
export type AllowList = (address: string) => boolean;

/**
 * @param entries addresses (`192.168.1.20`, `fd00::5`) and ranges (`192.168.1.0/24`)
 * @throws Fault "invalid" that names the entry
 */
export function allowList(entries: readonly string[]): AllowList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = "", prefix, ...rest] = entry.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    const most = family === "ipv6" ? 128 : 32;
    const length = prefix === undefined ? most : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
    if (isIP(address) === 0 || rest.length > 0 || length < 0 || length > most)
      throw new Fault(
        "invalid",
        `"${entry}" is neither an address nor a range such as 192.168.1.0/24`,
      );
    list.addSubnet(address, length, family);
  }
  return (address) => {
    const plain = plainAddress(address);
    return list.check(plain, isIP(plain) === 6 ? "ipv6" : "ipv4");
  };
}

/** An IPv4 address that came through an IPv6 socket, as IPv4; without its zone. */
export function plainAddress(address: string): string {
  const [plain = ""] = address.split("%");
  return plain.startsWith("::ffff:") && isIP(plain.slice(7)) === 4 ? plain.slice(7) : plain;
}
