/**
 * `admin-double`: the operator's API without a hub behind it, for tests of the pages.
 *
 * Everything it answers goes through the schemas of `#shared/api/admin.ts`, so it cannot drift
 * from what the real routes say. Must never be reached from a running program.
 */
import { Hono, type Context } from "hono";
import { streamSSE } from "hono/streaming";
import {
  DeviceDetails,
  DeviceRow,
  GatewayRow,
  HubOverview,
  Operator,
  PasswordSignIn,
  Setup,
  SightingRow,
  type Health,
} from "#shared/api/admin.ts";
import { Conservation } from "#shared/api/conservation.ts";
import { CommunityRow, DeletionPreview, NewCommunity } from "#shared/api/communities.ts";
import {
  ClaimCheck,
  ClaimMade,
  ClaimRow,
  GatewayEnd,
  NewClaim,
  NewClaims,
} from "#shared/api/gateway-admin.ts";
import { GroupRow } from "#shared/api/groups.ts";
import {
  DecoderDetails,
  DecoderRow,
  DecoderVersion,
  DownlinkOutcome,
  TrialOutcome,
  UndecodedRow,
} from "#shared/api/decoders.ts";
import { page, success } from "#shared/api/envelope.ts";
import { RowOutcome, UploadRow } from "#shared/api/uploads.ts";
import { toProblem } from "#shared/api/problem.ts";
import { Fault } from "#shared/model/fault.ts";
import {
  communityId,
  detailsOf,
  deviceOf,
  healthOf,
  names,
  type AdminState,
} from "./invented-devices.ts";

export const rightPassword = "four words in a row";
export const setupToken = "s3tup-t0ken";

/** Routes to mount at `/`; `say` sends an event to every open stream. */
export function adminDouble(state: AdminState): { app: Hono; say: (what: string) => void } {
  const listeners = new Set<(what: string) => void>();
  const app = new Hono().basePath("/api/v1");
  app.onError((error, c) => {
    const problem = toProblem(error);
    return c.json(problem, problem.status as 500, { "content-type": "application/problem+json" });
  });
  app.use("*", async (c, next) => {
    if (state.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, state.delayMs));
    const isOpen = /\/(sign-in|setup)(\/|$)/.test(c.req.path);
    if (state.failure !== undefined && !isOpen) throw new Fault(state.failure, "on purpose");
    if (!state.isSignedIn && !isOpen) throw new Fault("unauthorized", "sign in first");
    await next();
  });
  const listed = (c: Context, rows: readonly unknown[]) =>
    c.json(
      page(rows, {
        limit: Number(c.req.query("limit") ?? 50),
        offset: Number(c.req.query("offset") ?? 0),
      }),
    );
  const all = () => Array.from({ length: state.devices }, (_, i) => deviceOf(state, i));
  const healths = () => {
    const found: Record<Health, number> = { never: 0, healthy: 0, late: 0, lost: 0 };
    for (let i = 0; i < state.devices; i++) found[healthOf(i)]++;
    return found;
  };
  const me = () =>
    Operator.parse({
      person_id: "p-1",
      first_name: "Noa",
      last_name: "Keller",
      email: "noa@example.org",
      language: "en",
      home_page: null,
      organization: { id: "o-1", name: "Wasserwerk Nord" },
      organizations: [{ id: "o-1", name: "Wasserwerk Nord" }],
      rights: [
        "communities.read",
        "communities.write",
        "communities.delete",
        "devices.read",
        "devices.upload",
        "people.write",
        "gateways.read",
        "gateways.write",
      ],
      roles: ["operator"],
      must_change_password: false,
      homes: false,
      assistance: null,
    });
  app.get("/setup/:token", (c) =>
    c.json(success({ is_valid: !state.isSetUp && c.req.param("token") === setupToken })),
  );
  app.post("/setup", async (c) => {
    const asked = Setup.safeParse(await c.req.json());
    if (!asked.success) throw new Fault("invalid", "not a set-up");
    if (state.isSetUp || asked.data.token !== setupToken) throw new Fault("not_found", "used up");
    state.isSetUp = state.isSignedIn = true;
    return c.json(success(me()), 201);
  });
  app.post("/sign-in", async (c) => {
    const { password } = PasswordSignIn.parse(await c.req.json());
    if (state.failure === "too_many") throw new Fault("too_many", "wait", { retryAfterMs: 90_000 });
    if (password !== rightPassword) throw new Fault("unauthorized", "wrong");
    state.isSignedIn = true;
    return c.json(success(me()));
  });
  app.post("/sign-out", (c) => {
    state.isSignedIn = false;
    return c.body(null, 204);
  });
  app.get("/me", (c) => c.json(success(me())));
  app.get("/overview", (c) =>
    c.json(
      success(
        HubOverview.parse({
          customer_mode: state.communities > 0,
          communities: state.communities,
          devices: state.devices,
          health: healths(),
          unregistered: state.strangers,
          gateways: state.gateways,
          gateways_away: state.gateways > 1 ? 1 : 0,
          last_reading_at: state.devices === 0 ? null : new Date(state.nowMs - 4_000).toISOString(),
        }),
      ),
    ),
  );
  app.get("/customers", (c) =>
    listed(
      c,
      Array.from({ length: state.communities }, (_, i) =>
        CommunityRow.parse({
          id: communityId(i),
          name: names[i % 4],
          tenant_name: `community-${i}`,
          admin_email: null,
          is_active: true,
          created_at: "2026-09-24T08:00:00Z",
          external_id: null,
          city: "Olten",
          country: "CH",
          owner: null,
          archived_at: null,
          deleted: null,
          zone: "Europe/Zurich",
          units: 40,
          residents: 71,
          sub_communities: 0,
          devices: Math.floor(state.devices / state.communities),
          health: { healthy: 78, late: 2, lost: 1, never: i },
          last_reading_at: new Date(state.nowMs - 4_000).toISOString(),
          gateways: ["gw-00f1e2d3c4b5a697"],
        }),
      ),
    ),
  );
  app.post("/customers", async (c) => {
    const asked = NewCommunity.parse(await c.req.json());
    if (asked.tenant_name === "community-0")
      throw new Fault("conflict", "taken", { fields: { tenant_name: "is taken" } });
    state.communities++;
    return c.json(success({ id: communityId(state.communities), name: asked.name }), 201);
  });
  app.get("/groups", (c) => {
    const group = {
      kind: "communities",
      description: null,
      community: null,
      members: 2,
      roles: [],
    };
    return listed(c, [
      GroupRow.parse({
        ...group,
        id: "all-communities",
        name: "All",
        is_builtin: true,
        created_at: null,
      }),
      GroupRow.parse({
        ...group,
        id: "gr-0000000000000001",
        name: "Riverbank",
        is_builtin: false,
        created_at: null,
      }),
    ]);
  });
  app.get("/customers/:id/deletion", (c) =>
    c.json(
      success(
        DeletionPreview.parse({
          id: c.req.param("id"),
          name: names[0],
          tenant_name: "community-0",
          units: 40,
          tenancies: 63,
          memberships: 72,
          people_who_go: 69,
          readings: 1_204_331,
          devices: 82,
          gateways: [{ id: "gw-00f1e2d3c4b5a697", name: "Riverside basement" }],
          sub_communities: [],
          undo_days: 30,
        }),
      ),
    ),
  );
  app.delete("/customers/:id", async (c) => {
    const { confirm } = await c.req.json<{ confirm?: string }>();
    if (confirm !== names[0]) throw new Fault("invalid", "not its name");
    state.communities--;
    return c.json(success({ id: c.req.param("id"), at: "", ends_at: "" }));
  });
  app.post("/customers/:id/restore", (c) => {
    state.communities++;
    return c.json(success({ id: c.req.param("id") }));
  });
  // A file of three rows, of which one cannot be; another without a name for what it holds is refused.
  app.post("/uploads/:kind", async (c) => {
    const text = await c.req.text();
    if (!text.startsWith("email;")) throw new Fault("invalid", "There is no column email.");
    return c.json(success(uploadOf(c.req.query("dry_run") === "true", "running")), 202);
  });
  app.get("/uploads/:id", (c) =>
    c.json(success(uploadOf(c.req.param("id") === "up-trial", "done"))),
  );
  app.get("/uploads/:id/rows", (c) => listed(c, [RowOutcome.parse(failedRow)]));
  app.post("/uploads/:id/undo", (c) => c.json(success({ removed: 2, restored: 0, kept: 0 })));
  app.get("/devices", (c) => {
    const { q = "", community = "", status = "" } = c.req.query();
    const needle = q.toLowerCase();
    const rows = all().filter(
      (row) =>
        (community === "" || row.community.id === community) &&
        (status === "" || row.status === status) &&
        [row.device_name, row.dev_eui, row.unit?.name ?? ""].some((text) =>
          text.toLowerCase().includes(needle),
        ),
    );
    const { limit = "50", offset = "0" } = c.req.query();
    for (const row of rows.slice(Number(offset), Number(offset) + Number(limit)))
      DeviceRow.parse(row);
    return listed(c, rows);
  });
  app.get("/devices/:devEui", (c) => {
    const i = all().findIndex(({ dev_eui }) => dev_eui === c.req.param("devEui").toLowerCase());
    if (i === -1) throw new Fault("not_found", "no such device");
    return c.json(success(DeviceDetails.parse(detailsOf(state, i))));
  });
  app.get("/unregistered", (c) =>
    listed(
      c,
      Array.from({ length: state.strangers }, (_, i) =>
        SightingRow.parse({
          dev_eui: `a84041000181${(0xc0de + i).toString(16)}`,
          first_at: new Date(state.nowMs - 86_400_000 * (i + 1)).toISOString(),
          last_at: new Date(state.nowMs - 60_000 * (i * 9 + 1)).toISOString(),
          count: 12 + i * 31,
          gateway_id: "gw-00f1e2d3c4b5a697",
          via: "packet-forwarder",
          rssi: -109 - i,
          snr: -4,
          guess: i === 1 ? null : { model: "milesight/em300-th", values: ["30.8 °C", "50.5 %"] },
        }),
      ),
    ),
  );
  app.get("/decoders", (c) => listed(c, [DecoderRow.parse(ownDecoder)]));
  app.post("/decoders/trial", (c) => c.json(success(TrialOutcome.parse(tried))));
  app.post("/decoders/trial/downlink", async (c) => {
    const { data } = await c.req.json<{ data?: { open?: boolean } }>();
    const outcome = { fPort: 7, hex: "01", data: data ? undefined : { open: true } };
    return c.json(success(DownlinkOutcome.parse({ ...outcome, warnings: [], logs: [] })));
  });
  app.get("/decoders/:slug", (c) =>
    c.json(
      success(
        DecoderDetails.parse(
          c.req.param("slug") === unusedDecoder.slug ? unusedDecoder : ownDecoder,
        ),
      ),
    ),
  );
  app.delete("/decoders/:slug", (c) => c.body(null, 204));
  app.get("/decoders/:slug/versions/:version", (c) =>
    c.json(
      success(
        DecoderVersion.parse({
          version: Number(c.req.param("version")),
          at: "2026-11-01T06:10:00.000Z",
          language: "ts013",
          source: "function decodeUplink() {\n  return { data: { first: 1 } };\n}\n",
          mapping: { fields: [] },
        }),
      ),
    ),
  );
  app.put("/decoders/:slug", async (c) => {
    const said = await c.req.json<{ title: string; source: string }>();
    if (!said.source.includes("function")) throw new Fault("invalid", "line 1: no function");
    return c.json(success(DecoderDetails.parse({ ...ownDecoder, ...said })));
  });
  app.get("/undecoded", (c) => listed(c, [UndecodedRow.parse(undecodedRow)]));
  app.get("/conservation", (c) => c.json(success(Conservation.parse(compared))));
  const gatewayRow = (i: number): GatewayRow =>
    GatewayRow.parse({
      id: `gw-00f1e2d3c4b5a69${7 + i}`,
      name: i === 0 ? "Riverside basement" : "Lindenhof attic",
      enrolled_at: "2026-09-24T08:00:00Z",
      last_seen_at: new Date(state.nowMs - (i === 0 ? 9_000 : 7_900_000)).toISOString(),
      communities: [{ id: communityId(i), name: names[i % 4], is_current: i === 0 }],
      version: "0.1.0",
      waiting: i * 1_204,
      uplinks_kept: 941_113 - i * 400_000,
      replaces: null,
      left_behind: i === 0 ? [] : state.leftBehind,
      sync: {
        connected_since: i === 0 ? new Date(state.nowMs - 86_400_000).toISOString() : null,
        last_success_at: new Date(state.nowMs - (i === 0 ? 9_000 : 7_900_000)).toISOString(),
        last_error: i === 0 ? null : "what answers at the hub's address is not a hub (status 302)",
        trouble: i === 0 ? null : state.trouble,
        last_away: {
          from: new Date(state.nowMs - 90_000_000).toISOString(),
          to: new Date(state.nowMs - 86_400_000).toISOString(),
          sentence: "the hub's name is not known here (DNS)",
          trouble: { code: "dns_unknown" },
        },
        waiting: i * 1_204,
        waiting_bytes: i * 61_000,
        complete_until: new Date(state.nowMs - (i === 0 ? 20_000 : 7_950_000)).toISOString(),
        eta_ms: null,
        denied: 0,
        asked: i,
        left_behind: i === 0 ? 0 : state.leftBehind.length,
        has_twin: false,
      },
      withdrawn: null,
    });
  app.get("/gateways", (c) => {
    const { state: asked, q = "" } = c.req.query();
    const rows = Array.from({ length: state.gateways }, (_, i) => gatewayRow(i));
    const isAsked = ({ name, communities }: GatewayRow) =>
      name.toLowerCase().includes(q.toLowerCase()) &&
      (asked !== "pending" || communities.some(({ is_current: isCurrent }) => isCurrent === false));
    return listed(c, rows.filter(isAsked));
  });
  const claim = {
    id: "0".repeat(32),
    label: "Lindenhof roof",
    communities: [{ id: communityId(1), name: "Lindenhof" }],
    created_at: "2026-11-20T08:00:00Z",
    expires_at: "2026-12-01T08:00:00Z",
    used_by: null,
    replaces: null,
  };
  let isClaimOpen = true;
  app.get("/gateways/claims", (c) => listed(c, isClaimOpen ? [ClaimRow.parse(claim)] : []));
  app.post("/gateways/claims/check", async (c) => {
    const lines = (await c.req.text()).split("\n").filter((line) => line.trim() !== "");
    if (lines.length === 0) throw new Fault("invalid", "The file is empty.");
    const rows = lines.map((line, i) => {
      const [label = "", wanted = ""] = line.split(";").map((cell) => cell.trim());
      const found = names
        .filter((name) => wanted.includes(name))
        .map((name) => ({ id: name, name }));
      const problem = { code: "unknown_community", value: wanted };
      return {
        line: i + 1,
        label,
        communities: found,
        problems: found.length > 0 ? [] : [problem],
        warnings: label === "Lindenhof attic" ? ["label_taken"] : [],
      };
    });
    return c.json(success(ClaimCheck.parse({ rows, notes: [] })));
  });
  app.post("/gateways/claims/many", async (c) => {
    const { claims } = NewClaims.parse(await c.req.json());
    const made = claims.map(({ label, communities }, i) =>
      ClaimMade.parse({
        ...claim,
        id: String(i).padStart(32, "0"),
        label,
        communities: communities.map((name) => ({ id: name, name })),
        code: `7KQ2M-XV${String(94 + i)}T`,
      }),
    );
    return c.json(success(made), 201);
  });
  app.post("/gateways/claims", async (c) => {
    const { label } = NewClaim.parse(await c.req.json());
    return c.json(success(ClaimMade.parse({ ...claim, label, code: "7KQ2M-XV94T" })), 201);
  });
  app.delete("/gateways/claims/:id", (c) => {
    isClaimOpen = false;
    return c.body(null, 204);
  });
  app.get("/gateways/:id", (c) => {
    const found = Array.from({ length: state.gateways }, (_, i) => gatewayRow(i)).find(
      ({ id }) => id === c.req.param("id"),
    );
    if (!found) throw new Fault("not_found", "no such gateway");
    return c.json(success(found));
  });
  app.post("/gateways/:id/revoke", (c) =>
    c.json(success(GatewayEnd.parse({ at: "2026-11-26T08:00:00Z", why: "revoked", exposed: [] }))),
  );
  app.get("/live", (c) =>
    streamSSE(c, async (stream) => {
      const tell = (what: string) =>
        void stream.writeSSE({ event: "change", data: JSON.stringify({ what }) });
      listeners.add(tell);
      await stream.writeSSE({ event: "hello", data: "{}" });
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      listeners.delete(tell);
    }),
  );
  return { app, say: (what) => listeners.forEach((tell) => tell(what)) };
}

/** Nine weeks of a gateway: one day that differs, today open, and what it wrote down itself. */
const compared: Conservation = {
  community: "c-0000000000000001",
  is_whole: true,
  chains: [
    {
      writer: "gw-00f1e2d3c4b5a697",
      name: "Cellar",
      segments: 15_120,
      uplinks: 3_023_980,
      before: 0,
      holes: [
        {
          after: "s:gw-00f1e2d3c4b5a697:00000003-0011223344556677:00000041",
          before: "s:gw-00f1e2d3c4b5a697:00000003-0011223344556677:00000043",
        },
      ],
      forks: [],
      damaged: [],
      days: Array.from({ length: 63 }, (_, i) => {
        const day = new Date(Date.UTC(2026, 8, 24 + i)).toISOString().slice(0, 10);
        const [state, held] =
          i === 40 ? (["differs", 47_980] as const) : (["agrees", 48_000] as const);
        return {
          day: day.replaceAll("-", ""),
          counted: i === 62 ? null : 48_000,
          held,
          state: i === 62 ? ("open" as const) : state,
          devices: i === 40 ? [{ device: "70b3d57ed0000001", counted: 24, held: 4 }] : [],
        };
      }),
    },
  ],
  ledger: [
    {
      at: "2026-11-03T06:10:00.000Z",
      writer: "gw-00f1e2d3c4b5a697",
      reason: "store_damaged",
      meaning: "An uplink that was kept and was lost when its database was damaged",
      device: "70b3d57ed0000001",
      count: 20,
      from: "2026-11-03T01:00:00.000Z",
      to: "2026-11-03T06:00:00.000Z",
      about: "inbox-20261103: 000012.ldb: the checksum of the block at byte 8192 is wrong",
    },
  ],
};

const ownDecoder = {
  slug: "acme-w1",
  model: "own/acme-w1",
  title: "Acme W1",
  language: "ts013",
  version: 2,
  community: null,
  devices: 12,
  updated_at: "2026-11-03T06:10:00.000Z",
  source:
    "function decodeUplink(input) {\n  return { data: { volume_l: input.bytes[0] } };\n}\n" +
    "function encodeDownlink(input) {\n  return { fPort: 7, bytes: [input.data.open ? 1 : 0] };\n}\n",
  mapping: { fields: [{ path: "volume_l", register: "8-0:1.0.0", unit: "L" }] },
  examples: [{ fPort: 10, hex: "2a" }],
  redecode_from: null,
  not_read_again: [],
  versions: [
    { version: 2, at: "2026-11-03T06:10:00.000Z", redecode_from: null },
    { version: 1, at: "2026-11-01T06:10:00.000Z", redecode_from: null },
  ],
};
const unusedDecoder = { ...ownDecoder, slug: "acme-old", title: "Acme Old", devices: 0 };
const tried = {
  functions: ["decodeUplink"],
  language: "ts013",
  samples: [
    {
      data: { volume_l: 42 },
      warnings: ["battery low"],
      logs: [],
      error: null,
      why: null,
      readings: [
        {
          at: null,
          values: [{ register: "8-0:1.0.0", title: "Volume", n: 42, scale: 0, unit: "L" }],
        },
      ],
      unmapped: [],
      is_as_expected: null,
    },
  ],
  proposal: {
    mapping: { fields: [{ path: "volume_l", register: "8-0:1.0.0", unit: "L" }] },
    fields: [{ path: "volume_l", certainty: "likely" }],
    unmapped: [],
  },
};
const undecodedRow = {
  dev_eui: "24e12400000003e6",
  device_name: "Acme 1A",
  device_type: "own/acme-w1",
  community: { id: "c-0000000000000001", name: "Riverside" },
  at: "2026-11-03T06:10:00.000Z",
  heard_at: "2026-11-03T06:10:00.000Z",
  fPort: 10,
  hex: "2a",
  reason: "The decoder answered without data.",
  decoder: "own/acme-w1@1",
  via: "packet-forwarder",
  writer: "gw-00f1e2d3c4b5a697",
};

const failedRow = {
  line: 4,
  dev_eui: "",
  outcome: "failed",
  errors: [{ column: "email", value: "", message: "is no e-mail address" }],
  notes: [],
};

function uploadOf(isTrial: boolean, state: UploadRow["state"]): UploadRow {
  const isDone = state === "done";
  return UploadRow.parse({
    id: isTrial ? "up-trial" : "up-real",
    kind: "residents",
    file_name: "residents.csv",
    dry_run: isTrial,
    state,
    started_at: "2026-09-24T08:00:00Z",
    ended_at: isDone ? "2026-09-24T08:00:01Z" : null,
    rows: 3,
    seen: isDone ? 3 : 0,
    created: isDone ? 2 : 0,
    updated: 0,
    unchanged: 0,
    differs: 0,
    skipped: 0,
    failed: isDone ? 1 : 0,
    notes: [],
    can_undo: isDone && !isTrial,
  });
}
