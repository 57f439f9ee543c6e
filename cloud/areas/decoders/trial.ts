/**
 * `trial`: runs a script on samples and says all there is to say of each: answer, readings, log, error.
 */
import { isDeepStrictEqual } from "node:util";
import { decodeUplink } from "#shared/devices/decode-uplink.ts";
import { applyMapping, unmappedFields } from "#shared/devices/sandbox/mapping.ts";
import { proposeMapping, type Sample } from "#shared/devices/sandbox/propose-mapping.ts";
import type { Sandbox, Script } from "#shared/devices/sandbox/sandbox.ts";
import type { ScriptOutput } from "#shared/devices/sandbox/script-output.ts";
import type { SampleOutcome, TrialOutcome } from "#shared/api/decoders.ts";
import type { DecodedReading } from "#shared/model/decoder.ts";
import type { FieldMapping } from "#shared/model/field-mapping.ts";
import { isFault, type Fault } from "#shared/model/fault.ts";
import type { DeviceId } from "#shared/model/ids.ts";
import { registers } from "#shared/model/registers.ts";
import type { DecoderDoc, DecoderExample } from "#shared/model/site.ts";

/** What a script brings, and by which of the three conventions it is called. */
export async function functionsOf(
  sandbox: Sandbox,
  source: string,
): Promise<{ functions: string[]; language: DecoderDoc["language"] }> {
  const functions = [...(await sandbox.check(source)).functions];
  const language = functions.includes("decodeUplink")
    ? "ts013"
    : functions.includes("Decode")
      ? "decode"
      : "decoder";
  return { functions, language };
}

/**
 * Runs the samples, an hour apart, so that what only grows can be told.
 *
 * @throws Fault "invalid" when the script cannot be evaluated at all; what it does to a sample stands in its outcome
 */
export async function tryScript(
  sandbox: Sandbox,
  script: Script,
  samples: readonly DecoderExample[],
  mapping: FieldMapping | undefined,
  nowMs: number,
): Promise<TrialOutcome> {
  const { functions, language } = await functionsOf(sandbox, script.source);
  const answers: (ScriptOutput | Fault)[] = [];
  const answered: Sample[] = [];
  for (const [place, sample] of samples.entries()) {
    const at = nowMs - (samples.length - place) * 3_600_000;
    const input = { bytes: Buffer.from(sample.hex, "hex"), fPort: sample.fPort, recvAt: at };
    try {
      const output = await sandbox.decodeUplink(script, input);
      answers.push(output);
      answered.push({ data: output.data, at });
    } catch (error) {
      if (!isFault(error)) throw error;
      answers.push(error);
    }
  }
  const proposal = proposeMapping(answered);
  const applied = mapping ?? proposal.mapping;
  const outcomes: SampleOutcome[] = [];
  for (const [place, answer] of answers.entries())
    outcomes.push(
      isFault(answer)
        ? refusedOutcome(answer)
        : await outcomeOf(answer, samples[place] as DecoderExample, applied, nowMs),
    );
  return {
    functions,
    language,
    samples: outcomes,
    proposal: {
      mapping: proposal.mapping,
      fields: proposal.fields.map(({ rule, certainty }) => ({ path: rule.path, certainty })),
      unmapped: proposal.unmapped.map(({ path, why }) => ({ path, why })),
    },
  };
}

function refusedOutcome({ message, details }: Fault): SampleOutcome {
  const logs = details?.["logs"];
  return {
    warnings: [],
    logs: Array.isArray(logs) ? logs.map(String) : [],
    error: message,
    why: typeof details?.["why"] === "string" ? details["why"] : null,
    readings: [],
    unmapped: [],
    is_as_expected: null,
  };
}

async function outcomeOf(
  { data, warnings, logs }: ScriptOutput,
  sample: DecoderExample,
  mapping: FieldMapping,
  nowMs: number,
): Promise<SampleOutcome> {
  // The same way as a real uplink, so that what intake refuses is refused here.
  const { undecoded, readings } = await decodeUplink(
    "own/trial",
    {
      deviceId: "x-trial" as DeviceId,
      session: null,
      fCnt: null,
      fPort: sample.fPort,
      payload: Uint8Array.of(0),
      time: nowMs,
      timeSource: "gateway",
      heardAt: nowMs,
      radio: null,
      via: "trial",
    },
    () => ({ name: "own/trial@0", decode: () => applyMapping(mapping, data) }),
  );
  return {
    data,
    warnings: [...warnings],
    logs: [...logs],
    error: undecoded,
    why: undecoded === null ? null : "mapping",
    readings: readings.map(shown),
    unmapped: unmappedFields(mapping, data),
    is_as_expected: sample.expected === undefined ? null : isDeepStrictEqual(sample.expected, data),
  };
}

function shown({ time, values }: DecodedReading): SampleOutcome["readings"][number] {
  return {
    at: time === undefined ? null : new Date(time).toISOString(),
    values: values.map(({ register, n, scale, unit }) => ({
      register,
      title: registers[register].title,
      n,
      scale,
      unit,
    })),
  };
}
