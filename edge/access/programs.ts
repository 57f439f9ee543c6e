/**
 * `programs`: programs on the building's own network that read what its meters say, with a key
 * made on the hub for just that. Known from the `site`, so they get in while the hub is away.
 */
import { isKeySecret, readKeyText } from "#shared/auth/key-text.ts";
import type { Clock } from "#shared/model/clock.ts";
import type { TenantName } from "#shared/model/ids.ts";
import type { ProgramScope } from "#shared/model/scope.ts";
import type { Sites } from "#edge/site/sites.ts";

/** What a key reaches on this gateway at this moment; undefined for one that opens nothing here. */
export function programOf(
  sites: Pick<Sites, "all">,
  clock: Clock,
  text: string,
): ProgramScope | undefined {
  const key = readKeyText(text);
  if (!key) return undefined;
  const tenants = new Set<TenantName>();
  for (const site of sites.all()) {
    const program = site.programs.get(key.keyId);
    if (!program || !isKeySecret(program.secretHash, key.secret)) continue;
    const { expiresAt } = program;
    if (expiresAt === undefined || clock.now() < Date.parse(expiresAt)) tenants.add(site.tenant);
  }
  return tenants.size === 0 ? undefined : { kind: "program", keyId: key.keyId, tenants };
}
