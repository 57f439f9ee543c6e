/**
 * `session-exports`: brings the sessions of this gateway's devices to the hub, each sealed for it, so
 * that another machine can take this one's place and go on hearing them.
 *
 * One document per device in this gateway's own database, revised when a device joined or another
 * block of downlink counters was taken; never at each uplink.
 */
import {
  calculateJwkThumbprint,
  CompactEncrypt,
  decodeProtectedHeader,
  importJWK,
  type JWK,
} from "jose";
import type { Database } from "#shared/couch/database.ts";
import type { Clock } from "#shared/model/clock.ts";
import { sessionDocId, type SessionDoc } from "#shared/model/gateway-docs.ts";
import type { DeviceId, GatewayId } from "#shared/model/ids.ts";

export interface ExportedSession {
  readonly deviceId: DeviceId;
  /** Another text when it has to be told anew. */
  readonly mark: string;
  /** Opaque to everybody but the network server; put together only when it is wanted. */
  readonly text: () => string;
}

export interface SessionExports {
  /** Writes what is new; nothing while the hub's key is not known. */
  flush(): Promise<void>;
}

/** Documents written at once. */
const BATCH = 100;

export function sessionExports({
  database,
  gatewayId,
  sessions,
  hubKey,
  clock,
}: {
  readonly database: Database;
  readonly gatewayId: GatewayId;
  readonly sessions: () => Iterable<ExportedSession>;
  /** The hub's public key; undefined before it was met. */
  readonly hubKey: () => JWK | undefined;
  readonly clock: Clock;
}): SessionExports {
  const told = new Map<DeviceId, string>();
  let sealedFor: string | undefined;
  return {
    async flush() {
      const jwk = hubKey();
      if (!jwk) return;
      const kid = await calculateJwkThumbprint(jwk);
      // Another hub, or one with another key, cannot open what was sealed for the one before.
      if (kid !== sealedFor) told.clear();
      sealedFor = kid;
      const due = [...sessions()].filter(({ deviceId, mark }) => told.get(deviceId) !== mark);
      if (due.length === 0) return;
      const key = await importJWK(jwk, "ECDH-ES+A256KW");
      for (let from = 0; from < due.length; from += BATCH) {
        const some = due.slice(from, from + BATCH);
        const ids = some.map(({ deviceId }) => sessionDocId(deviceId));
        const old = new Map(
          (await database.getMany<SessionDoc & { _rev?: string }>(ids)).map((doc) => [
            doc._id,
            doc,
          ]),
        );
        const docs: (SessionDoc & { _rev?: string })[] = [];
        for (const { deviceId, mark, text } of some) {
          const _id = sessionDocId(deviceId);
          const before = old.get(_id);
          // Told before a restart already.
          if (before?.mark === mark && kidOf(before.jwe) === kid) {
            told.set(deviceId, mark);
            continue;
          }
          docs.push({
            ...(before?._rev === undefined ? {} : { _rev: before._rev }),
            _id,
            type: "session",
            v: 1,
            gatewayId,
            deviceId,
            mark,
            at: new Date(clock.now()).toISOString(),
            jwe: await new CompactEncrypt(new TextEncoder().encode(text()))
              .setProtectedHeader({ alg: "ECDH-ES+A256KW", enc: "A256GCM", kid })
              .encrypt(key),
          });
        }
        for (const [i, outcome] of (docs.length > 0 ? await database.bulk(docs) : []).entries()) {
          const doc = docs[i];
          if (outcome.ok && doc) told.set(doc.deviceId, doc.mark);
        }
      }
    },
  };
}

/** Whose key a text is sealed for; undefined for one that does not say, or cannot be read. */
function kidOf(jwe: string): string | undefined {
  try {
    return decodeProtectedHeader(jwe).kid;
  } catch {
    return undefined;
  }
}
