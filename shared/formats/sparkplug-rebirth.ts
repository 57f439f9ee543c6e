/**
 * `sparkplug-rebirth`: the command that asks a Sparkplug edge node for its births again.
 *
 * @see Eclipse Sparkplug Specification 3.0.0, "Edge Node Commands", `Node Control/Rebirth`
 */

/** The command's bytes. @param now epoch ms */
export function rebirthRequest(now: number): Uint8Array {
  const time = varint(now);
  const name = Buffer.from("Node Control/Rebirth");
  // name = 1, timestamp = 3, datatype = 4 (Boolean 11), boolean_value = 14.
  const metric = Buffer.concat([
    Uint8Array.of(0x0a, name.length),
    name,
    Uint8Array.of(0x18, ...time, 0x20, 11, 0x70, 1),
  ]);
  return Buffer.concat([Uint8Array.of(0x08, ...time, 0x12, metric.length), metric]);
}

function varint(number: number): number[] {
  const bytes: number[] = [];
  let rest = number;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return [...bytes, rest];
}
