/**
 * `crowd-gateways`: many gateways in one process, which stands for many basements: `IPC` brings it their
 * folders and the hub's address, and it says how many of them the hub knows all of, once a second.
 */
import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import { readConfig } from "#edge/config.ts";
import { startEdge, type Edge } from "#edge/edge.ts";
import { systemClock } from "#shared/model/clock.ts";

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: console.error };

export interface CrowdAsked {
  readonly hubUrl: string;
  readonly folders: readonly string[];
}

/** Of so many gateways: those the hub has spoken with, and those it has everything of. */
export interface CrowdSaid {
  readonly started: number;
  readonly reached: number;
  readonly done: number;
}

const edges: Edge[] = [];
process.on("message", (message) => {
  const { hubUrl, folders } = message as CrowdAsked;
  void (async () => {
    for (const folder of folders)
      edges.push(
        await startEdge(
          readConfig({ EDGE_DATA: folder, EDGE_PORT: "0", UDP_PORT: "off", HUB_URL: hubUrl }),
          {
            clock: systemClock,
            random: randomBytes,
            log,
            pages: async () => new Hono(),
            version: "bench",
          },
        ),
      );
  })();
});
setInterval(() => {
  const said: CrowdSaid = {
    started: edges.length,
    reached: edges.filter((edge) => edge.hub().isReached).length,
    done: edges.filter((edge) => edge.hub().isReached && edge.waiting() === 0).length,
  };
  process.send?.(said);
}, 500);
process.on("disconnect", () => process.exit(0));
