/**
 * `basics-station`: hears antennas that speak the LoRa Basics Station's LNS protocol, over websockets.
 *
 * Closed by default: only addresses on the allow list are answered, and where tokens are given a
 * station needs its own. It speaks no TLS: a proxy in front does. It reads no LoRaWAN.
 *
 * @see LoRa Basics Station documentation, "The LNS Protocol"
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { basicsStation as format, readStationEui } from "#shared/formats/basics-station.ts";
import type { RawFrame } from "#shared/formats/format.ts";
import { fieldsOf, parseJson } from "#shared/formats/message.ts";
import type { Clock } from "#shared/model/clock.ts";
import { Fault, isFault } from "#shared/model/fault.ts";
import type { Tally } from "#shared/model/refusals.ts";
import { allowList, plainAddress } from "../allow-list.ts";
import type { DownlinkOrder, DownlinkOutcome, HeardFrame } from "../antenna-link.ts";
import { AntennaRoster, type Antenna, type Knocking } from "../antenna-roster.ts";
import type { Log } from "../log.ts";
import { routerConfig } from "./router-config.ts";
import type { StationTokens } from "./station-tokens.ts";
import { downlinkWords, routerIn, routerInfo, routerRefused, timeAnswer } from "./station-words.ts";

export interface BasicsStationOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Addresses and ranges that are answered. */
  readonly allow: readonly string[];
  /** Without them the address is all there is. */
  readonly tokens?: StationTokens;
  readonly tally: Tally;
  readonly clock: Clock;
  readonly networkServer: {
    heardFrame(heard: HeardFrame): Promise<void>;
    answered(): Promise<void>;
  };
  readonly log: Log;
}

export interface BasicsStation {
  readonly port: number;
  /** Resolves once listening. @throws Fault "unavailable" when the address cannot be had */
  start(): Promise<void>;
  /** Waits for what is under way, then hangs up. */
  stop(): Promise<void>;
  antennas(): Antenna[];
  knocking(): Knocking[];
  setAllowed(entries: readonly string[]): void;
}

/** Longest message of a station, bytes. */
const MOST_BYTES = 64 * 1024;
const MOST_STATIONS = 256;
const KEEP_ALIVE_MS = 30_000;
const ORDERS = 0x7fff_ffff;
const WRAP = 0x1_0000_0000n;

/** @throws Fault "invalid" for an entry of `allow` that is no address */
export function basicsStation(options: BasicsStationOptions): BasicsStation {
  const { host = "127.0.0.1", tokens, tally, clock, networkServer, log } = options;
  const roster = new AntennaRoster();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES });
  const stations = new Map<string, WebSocket>();
  const underWay = new Set<Promise<void>>();
  let isAllowed = allowList(options.allow);
  let isStopping = false;
  let order = 0;
  const server: Server = createServer((_request, answer) => answer.writeHead(404).end());

  const note = (eui: string, address: string, packets = 0) =>
    roster.heard(eui, { address, lastHeardAt: clock.now(), protocolVersion: 0, packets });

  function refuse(socket: Duplex, status: string): void {
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const address = plainAddress((socket as Socket).remoteAddress ?? "");
    const path = decodeURIComponent((request.url ?? "").split("?")[0] ?? "");
    const eui = /^\/router-(?!info)(.+)$/.exec(path)?.[1];
    if (!isAllowed(address)) {
      tally.refused("antenna_not_allowed");
      roster.knocked(address, eui === undefined ? null : (euiIn(eui) ?? null), clock.now());
      return refuse(socket, "403 Forbidden");
    }
    if (isStopping || sockets.clients.size >= MOST_STATIONS)
      return refuse(socket, "503 Service Unavailable");
    (socket as Socket).setKeepAlive(true, KEEP_ALIVE_MS);
    const open = (serve: (station: WebSocket) => void) =>
      sockets.handleUpgrade(request, socket, head, (station) => {
        station.on("error", (error) => {
          tally.refused("datagram_malformed");
          log.warn({ address, reason: error.message }, "a station was cut off");
        });
        serve(station);
      });
    if (path === "/router-info") return open((station) => discover(station, request));
    const known = eui === undefined ? undefined : euiIn(eui);
    if (known === undefined) return refuse(socket, "404 Not Found");
    const token = /^Bearer\s+(\S{1,200})\s*$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
    if (tokens !== undefined && !(await tokens(known, token))) {
      tally.refused("antenna_not_allowed");
      roster.knocked(address, known, clock.now());
      return refuse(socket, "401 Unauthorized");
    }
    open((station) => serve(station, known, address));
  }

  /** The first question: where to connect to. */
  function discover(station: WebSocket, request: IncomingMessage): void {
    station.once("message", (bytes: Buffer) => {
      try {
        const eui = routerIn(parseJson(bytes));
        // A proxy that speaks TLS says so.
        const proto = String(request.headers["x-forwarded-proto"] ?? "");
        const scheme = /^(https|wss)\b/.test(proto) ? "wss" : "ws";
        station.send(routerInfo(eui, `${scheme}://${request.headers.host ?? `${host}:${port()}`}`));
      } catch (error) {
        if (!isFault(error)) throw error;
        tally.refused("datagram_malformed");
        station.send(routerRefused(error.message));
      }
      station.close(1000);
    });
  }

  function serve(station: WebSocket, eui: string, address: string): void {
    // A station that comes again did not notice that its former connection is dead.
    stations.get(eui)?.terminate();
    stations.set(eui, station);
    note(eui, address);
    log.info({ antenna: eui, address }, "a station is connected");
    station.on("close", () => {
      if (stations.get(eui) === station) stations.delete(eui);
      log.info({ antenna: eui }, "a station is gone");
    });
    station.on("message", (bytes: Buffer, isBinary: boolean) => {
      // Binary messages are a remote shell's, which is never opened.
      if (isBinary || isStopping) return;
      try {
        said(station, eui, address, parseJson(bytes));
      } catch (error) {
        tally.refused("datagram_malformed");
        const reason = error instanceof Error ? error.message : String(error);
        if (isFault(error)) log.info({ antenna: eui, reason }, "a station's message is wrong");
        // A mistake of ours must not silence the other antennas.
        else log.error({ antenna: eui, reason }, "a station's message could not be read");
      }
    });
  }

  function said(station: WebSocket, eui: string, address: string, body: unknown): void {
    const fields = fieldsOf(body) ?? {};
    switch (fields["msgtype"]) {
      case "version":
        note(eui, address);
        return station.send(JSON.stringify(routerConfig()));
      case "timesync":
        return station.send(timeAnswer(String(fields["txtime"]), clock.now()));
      case "jreq":
      case "updf":
      case "propdf": {
        const { frames } = format.parse({ topic: null, body }, { heardAt: clock.now() });
        for (const frame of frames) heard(eui, address, frame);
        return;
      }
      default:
        note(eui, address);
    }
  }

  function heard(eui: string, address: string, frame: RawFrame): void {
    note(eui, address, 1);
    const { phy, radio, time, station: place } = frame;
    if (place === undefined)
      throw new Fault("invalid", "upinfo has no rctx and xtime.", { field: "upinfo" });
    const work = networkServer
      .heardFrame({
        phy,
        radio: { ...radio, antenna: eui },
        ...(radio.sf === undefined
          ? {}
          : { bandwidthHz: place.dataRate === 6 ? 250_000 : 125_000 }),
        // The lower 48 bits of xtime count the concentrator's µs.
        tmst: Number(BigInt.asUintN(64, digitsOf(place.xtime)) % WRAP),
        antenna: eui,
        heardAt: clock.now(),
        ...(time === null ? {} : { gpsTime: time }),
        reply: async (downlink) => send(eui, downlink, place),
      })
      .catch((error: unknown) =>
        log.error({ antenna: eui, reason: String(error) }, "a frame could not be kept"),
      )
      .finally(() => underWay.delete(work));
    underWay.add(work);
  }

  /** The station says nothing until it has sent, so what was handed over counts as sent. */
  function send(
    eui: string,
    downlink: DownlinkOrder,
    place: NonNullable<RawFrame["station"]>,
  ): DownlinkOutcome {
    const station = stations.get(eui);
    if (station?.readyState !== 1) {
      tally.refused("downlink_refused");
      return { outcome: "refused", reason: "NO_WAY_DOWN" };
    }
    order = (order + 1) % ORDERS;
    station.send(downlinkWords(downlink, place, order));
    return { outcome: "sent" };
  }

  const port = (): number => (server.address() as AddressInfo | null)?.port ?? options.port;
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => undefined);
    upgrade(request, socket, head).catch((error: unknown) => {
      log.warn({ reason: String(error) }, "a station could not be let in");
      socket.destroy();
    });
  });
  return {
    get port() {
      return port();
    },
    async start() {
      isStopping = false;
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(options.port, host, resolve);
      }).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Fault(
          "unavailable",
          `stations cannot be heard on ${host}:${options.port}: ${reason}`,
          {},
          error,
        );
      });
      log.info({ host, port: port() }, "listening for stations");
    },
    async stop() {
      isStopping = true;
      do {
        await Promise.all(underWay);
        await networkServer.answered();
      } while (underWay.size > 0);
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const station of sockets.clients) station.terminate();
      server.closeAllConnections();
      await closed;
    },
    antennas: () => roster.antennas(),
    knocking: () => roster.knocking(),
    setAllowed(entries) {
      isAllowed = allowList(entries);
      roster.allowed(isAllowed);
    },
  };
}

/** An EUI in a path, or undefined when it is none. */
function euiIn(text: string): string | undefined {
  try {
    return readStationEui(text, "router");
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

const digitsOf = (text: string): bigint => (/^-?\d{1,20}$/.test(text) ? BigInt(text) : 0n);
