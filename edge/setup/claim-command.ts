/**
 * `claim-command`: `riser-edge claim <hub> <code>`, or with a label's text instead of both: writes down hub and code, and waits a moment to
 * say how it went. The running gateway brings the code to the hub; without one, or without
 * internet, it does so at its next start.
 */
import { mkdir } from "node:fs/promises";
import type { Clock } from "#shared/model/clock.ts";
import { ClaimCode } from "#shared/model/claim-code.ts";
import { readClaimLabel } from "#shared/model/claim-label.ts";
import { Fault } from "#shared/model/fault.ts";
import { hubAddress, hubPlace } from "#edge/sync/hub-place.ts";

const LOOK_MS = 500;
const PATIENCE_MS = 15_000;

/** @param say one line for the person at the console @throws Fault "invalid" | "conflict" */
export async function claimCommand(
  folder: string,
  settledUrl: string | undefined,
  [first, second]: readonly (string | undefined)[],
  { clock, say }: { readonly clock: Clock; readonly say: (line: string) => void },
): Promise<void> {
  const label = second === undefined ? readClaimLabel(first ?? "") : undefined;
  const [hub, typed] = label ? [label.hub, label.code] : [first, second];
  if (hub === undefined || typed === undefined)
    throw new Fault(
      "invalid",
      "Needed are two words, riser-edge claim <hub> <code>, or what a label's picture says.",
    );
  const code = ClaimCode.safeParse(typed);
  if (!code.success) throw new Fault("invalid", "A claim code is ten letters and digits.");
  const url = hubAddress(hub);
  if (settledUrl !== undefined && settledUrl !== url)
    throw new Fault("conflict", `HUB_URL names another hub: ${settledUrl}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const place = await hubPlace(folder, settledUrl);
  await place.claim(url, code.data);
  for (const endMs = clock.now() + PATIENCE_MS; clock.now() < endMs;) {
    await clock.sleep(LOOK_MS);
    await place.refresh();
    const why = place.refused();
    if (why !== undefined) throw new Fault("conflict", `The hub does not take the code: ${why}`);
    if (place.code() === undefined) return say(`Claimed: this gateway is ${place.name()}`);
  }
  say("The code is kept here and brought to the hub as soon as the gateway runs and reaches it.");
}
