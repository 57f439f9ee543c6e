/**
 * `scripted-decoder`: an operator's script and mapping as a decoder like the built-in ones, but for
 * its answer, which takes a moment.
 */
import type { DecodedReading } from "#shared/model/decoder.ts";
import type { FieldMapping } from "#shared/model/field-mapping.ts";
import { applyMapping } from "./mapping.ts";
import type { Sandbox, Script } from "./sandbox.ts";

export interface ScriptedDecoder {
  /** The script's id: what a device in `site` names. */
  readonly model: string;
  readonly version: number;
  /**
   * Readings in the payload, the current one first; empty when no mapped field was in the answer.
   *
   * @param context `fPort` 1–255 or null; `heardAt` epoch ms: the script's only clock, so that the
   *   same uplink gives the same answer wherever it is decoded again
   * @throws Fault "invalid" with the script's own words; "too_many" or "unavailable" when it could not be asked:
   *   then the uplink is to be decoded later
   */
  decode(
    payload: Uint8Array,
    context: { fPort: number | null; heardAt: number },
  ): Promise<DecodedReading[]>;
}

export function scriptedDecoder(
  sandbox: Pick<Sandbox, "decodeUplink">,
  script: Script,
  mapping: FieldMapping,
): ScriptedDecoder {
  return {
    model: script.id,
    version: script.version,
    decode: async (payload, { fPort, heardAt }) => {
      const { data } = await sandbox.decodeUplink(script, {
        bytes: payload,
        fPort,
        recvAt: heardAt,
      });
      return applyMapping(mapping, data);
    },
  };
}
