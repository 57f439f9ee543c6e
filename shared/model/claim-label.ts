/**
 * `claim-label`: what stands in the picture of a claim code: the hub's address and the code, so that one scan
 * says both. The code stands behind `#`: a browser that opens it sends it nowhere.
 */

/** @param hub without a path, `https://hub.example.org` */
export const claimLabel = (hub: string, code: string): string => `${hub}/claim#${code}`;

/** Undefined for text that is none. What it says is not checked. */
export function readClaimLabel(
  text: string,
): { readonly hub: string; readonly code: string } | undefined {
  const [, hub, code] = /^\s*(https?:\/\/[^\s#/]+)\/claim#(\S{1,40})\s*$/i.exec(text) ?? [];
  return hub === undefined || code === undefined ? undefined : { hub, code };
}
