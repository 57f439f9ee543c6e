/**
 * `chance`: numbers that look random and are the same each time they are asked for.
 *
 * Made of a seed and whole numbers by integer mixing only, so that a simulated building is the
 * same on every machine. Never for secrets.
 */

function mix(hash: number, part: number): number {
  let next = Math.imul(hash ^ (part | 0), 0x85ebca6b);
  next = Math.imul(next ^ (next >>> 13), 0xc2b2ae35);
  return (next ^ (next >>> 16)) >>> 0;
}

/** A whole number made of a text, for use as the seed of `chance`. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i) + i * 131);
  return hash;
}

/** A number in [0, 1), the same for the same seed and parts. */
export function chance(seed: number, ...parts: readonly number[]): number {
  let hash = mix(seed, 0x9e3779b9);
  for (const part of parts) hash = mix(hash, part);
  return mix(hash, parts.length) / 0x1_0000_0000;
}
