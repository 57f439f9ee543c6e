import { suite } from "uvu";
import * as assert from "uvu/assert";
import { communityStore, type CommunityDoc } from "#cloud/areas/communities/community-store.ts";
import { isFault } from "#shared/model/fault.ts";
import type {
  CommunityId,
  GatewayId,
  OrganizationId,
  PersonId,
  ResidentId,
  TenantName,
} from "#shared/model/ids.ts";
import { systemScope, type Scope } from "#shared/model/scope.ts";
import { openMemoryDatabases } from "#shared/testing/memory-databases.ts";
import { openRegistry } from "./registry.ts";

const test = suite("scoped documents");

const [A, B] = ["o-aaaaaaaaaaaaaaaa", "o-bbbbbbbbbbbbbbbb"] as OrganizationId[] as [
  OrganizationId,
  OrganizationId,
];
const at = "2026-11-23T12:00:00.000Z";
const personId = "p-0000000000000000" as PersonId;

function community(organizationId: OrganizationId, n: number): CommunityDoc {
  const communityId = `c-${String(n).padStart(16, "0")}` as CommunityId;
  return {
    _id: `community:${communityId}`,
    type: "community",
    v: 1,
    communityId,
    organizationId,
    tenant: `tenant-${n}` as TenantName,
    name: `Community ${n}`,
    zones: [{ from: at, zone: "Europe/Madrid" }],
    language: "en",
    brand: { name: "x" },
    adminEmail: null,
    isActive: true,
    createdAt: at,
    generation: 1,
  };
}

async function store() {
  const registry = await openRegistry(openMemoryDatabases());
  for (const organizationId of [A, B])
    await registry.riser.database.put({
      _id: `organization:${organizationId}`,
      type: "organization",
      v: 1,
      organizationId,
      name: organizationId,
      createdAt: at,
    });
  const communities = communityStore(registry);
  await communities.save(systemScope("test"), A, [community(A, 1), community(A, 2)]);
  await communities.save(systemScope("test"), B, [community(B, 3)]);
  return communities;
}

const communityId = (n: number) => community(A, n).communityId;
const operatorOf = (organizationId: OrganizationId): Scope => ({
  kind: "organization",
  organizationId,
  by: personId,
});
const adminOf = (n: number): Scope => ({
  kind: "communities",
  organizationId: A,
  communityIds: new Set([communityId(n)]),
  by: personId,
});

/** Which of the three communities each scope reaches, and which it may write. */
const table: readonly [label: string, scope: Scope, reads: number[], writes: number[]][] = [
  ["the process", systemScope("test"), [1, 2, 3], [1, 2, 3]],
  ["an operator of A", operatorOf(A), [1, 2], [1, 2]],
  ["an operator of B", operatorOf(B), [3], [3]],
  ["the admin of one community", adminOf(1), [1], [1]],
  [
    "a resident",
    {
      kind: "resident",
      tenant: "tenant-1" as TenantName,
      residentId: "r-0000000000000000" as ResidentId,
    },
    [],
    [],
  ],
  [
    "a gateway",
    {
      kind: "gateway",
      gatewayId: "gw-0000000000000000" as GatewayId,
      tenants: ["tenant-1" as TenantName],
    },
    [],
    [],
  ],
];

for (const [label, scope, reads, writes] of table)
  test(`${label} reaches ${reads.length === 0 ? "nothing" : reads.join(", ")}`, async () => {
    const communities = await store();
    const names = (await communities.list(scope)).map(({ name }) => name).sort();
    assert.equal(
      names,
      reads.map((n) => `Community ${n}`),
    );
    for (const n of [1, 2, 3]) {
      const organizationId = n === 3 ? B : A;
      const found = await communities.find(scope, communityId(n)).catch((error: unknown) => error);
      assert.is(isFault(found, "not_found"), !reads.includes(n), `reading ${n}`);
      const changed = { ...community(organizationId, n), name: `Community ${n}!` };
      const written = await communities
        .save(scope, organizationId, [changed])
        .catch((error: unknown) => error);
      assert.is(isFault(written, "forbidden"), !writes.includes(n), `writing ${n}`);
    }
  });

test("what has not changed is not written, and somebody else's change is not overwritten", async () => {
  const communities = await store();
  const scope = operatorOf(A);
  const read = await communities.find(scope, communityId(1));
  assert.is(await communities.save(scope, A, [read]), 0);
  assert.is(await communities.save(scope, A, [{ ...read, name: "First" }]), 1);
  const late = await communities
    .save(scope, A, [{ ...read, name: "Second" }])
    .catch((error: unknown) => error);
  assert.ok(isFault(late, "conflict"));
  assert.is((await communities.find(scope, communityId(1))).name, "First");
});

test.run();
