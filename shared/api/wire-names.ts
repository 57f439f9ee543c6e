/** `wire-names`: names as they are written over HTTP (`retry_after_ms`), and as they are written here (`retryAfterMs`). */

export const wireName = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const ownName = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The same under names of the wire; what lies within stays as it is. */
export const toWire = (details: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  renamed(details, wireName);

/** The same under names as they are here. */
export const fromWire = (details: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  renamed(details, ownName);

const renamed = (
  details: Readonly<Record<string, unknown>>,
  name: (name: string) => string,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(details).map(([key, value]) => [name(key), value]));
