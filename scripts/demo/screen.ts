/**
 * `screen`: what the demo says, as text. Pure: what to show comes in, lines go out.
 */
import type { Progress } from "#scripts/simulator/simulate-building.ts";
import type { ResidentCode, Stage } from "./stage.ts";

const WIDTH = 28;
const number = (n: number) => n.toLocaleString("en-US");

/** Where everything is and how to get in. */
export function welcome(
  stage: Pick<Stage, "hubUrl" | "gatewayUrl" | "stories" | "codes" | "setupLink" | "otherPorts">,
  folder: string,
): string[] {
  const { stories, codes } = stage;
  const line = ({ unit, ref }: { unit: string; ref: string }, what: string) =>
    `    ${unit}  ${what.padEnd(26)}${codes.find((code) => code.ref === ref)?.code ?? "see the file below"}`;
  return [
    ...stage.otherPorts,
    "",
    `  Residents  ${stage.gatewayUrl}   on the gateway, as in the building's own network`,
    `  Operator   ${stage.hubUrl}   on the hub`,
    "",
    "  Look in as a resident, with an access code:",
    line(stories.usual, "a usual home"),
    line(stories.leak, "water runs day and night"),
    line(stories.movedOut, "moved out three weeks ago"),
    line(stories.movedIn, "moved in three weeks ago"),
    `  All ${codes.length} codes: ${folder}/residents.txt`,
    "",
    ...(stage.setupLink
      ? [
          "  Make the operator's sign-in with this link (works once, for 24 hours):",
          `    ${stage.setupLink}`,
        ]
      : ["  The operator signs in with the e-mail and password chosen before."]),
    "",
  ];
}

/** A table of all access codes. */
export function codeTable(codes: readonly ResidentCode[]): string {
  return codes
    .map(({ unit, resident, code }) => `${unit}  ${resident.padEnd(24)}${code}\n`)
    .join("");
}

/**
 * One line: how far the history is.
 *
 * @param elapsedMs since the first place of this run was done
 * @param begunAt places that were done before this run
 */
export function historyLine(
  { done, total }: Pick<Progress, "done" | "total">,
  elapsedMs: number,
  begunAt: number,
): string {
  const share = total === 0 ? 1 : done / total;
  const full = Math.round(share * WIDTH);
  const perSecond = elapsedMs > 0 ? ((done - begunAt) / elapsedMs) * 1000 : 0;
  const left = perSecond > 0 && done < total ? `${duration((total - done) / perSecond)} left` : "";
  const bar = "█".repeat(full) + "░".repeat(WIDTH - full);
  return [
    `History  ${bar} ${String(Math.floor(share * 100)).padStart(3)} %`,
    `${number(done)} of ${number(total)}`,
    perSecond > 0 ? `${number(Math.round(perSecond))}/s` : "",
    left,
  ]
    .filter((part) => part !== "")
    .join("  ");
}

/** What the gateway says of itself, as far as it is shown here. */
export interface GatewayState {
  readonly kept: number;
  readonly waiting: number;
  readonly isHubReached: boolean;
}

/** One line: all numbers of the way, live. Counted since this start. */
export function liveLine(
  { acknowledged, joined, joining }: Progress,
  gateway: GatewayState | undefined,
): string {
  const devices =
    joined < joining ? `${joined} of ${joining} devices joined` : `${joining} devices on air`;
  if (!gateway)
    return `Live  ${devices} · ${number(acknowledged)} acknowledged · the gateway does not answer`;
  const hub =
    gateway.waiting === 0
      ? "all on the hub"
      : `${number(gateway.waiting)} ${gateway.isHubReached ? "on their way to the hub" : "wait for the hub, which is away"}`;
  return `Live  ${devices} · ${number(acknowledged)} acknowledged · ${number(gateway.kept)} kept · ${hub}`;
}

/** Seconds in words: `45 s`, `3 min`. */
export function duration(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
