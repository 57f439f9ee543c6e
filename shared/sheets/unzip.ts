/**
 * `unzip`: the files of a ZIP that are wanted, unpacked a piece at a time and given up as soon as
 * they grow beyond what was promised: a small file may stand for a very large one.
 */
import { Unzip, UnzipInflate } from "fflate";
import { Fault } from "#shared/model/fault.ts";

/** Pieces of the packed file, bytes; between them others have their turn. */
const PIECE = 32_768;
/** Files in a ZIP at most. */
const MOST_FILES = 2_000;

/** @throws Fault "invalid" for what is no ZIP, or grows beyond `mostBytes` in all */
export async function unzip(
  bytes: Uint8Array,
  isWanted: (name: string) => boolean,
  mostBytes: number,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array[]>();
  let total = 0;
  let files = 0;
  let failed: unknown;
  const archive = new Unzip((file) => {
    if (++files > MOST_FILES) failed ??= new Fault("invalid", "The file holds too many others.");
    if (!isWanted(file.name) || failed !== undefined) return;
    const pieces: Uint8Array[] = [];
    found.set(file.name, pieces);
    file.ondata = (error, piece) => {
      if (failed !== undefined) return;
      if (error) failed = error;
      else if ((total += piece.length) > mostBytes)
        failed = new Fault("invalid", `The file grows beyond ${Math.round(mostBytes / 1e6)} MB.`);
      else pieces.push(piece);
      if (failed !== undefined) file.terminate();
    };
    file.start();
  });
  archive.register(UnzipInflate);
  try {
    for (let at = 0; at < bytes.length && failed === undefined; at += PIECE) {
      archive.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length);
      await new Promise((resolve) => setImmediate(resolve));
    }
  } catch (error) {
    failed ??= error;
  }
  if (failed instanceof Fault) throw failed;
  if (failed !== undefined || files === 0)
    throw new Fault("invalid", "The file is damaged, or is no XLSX.", {}, failed);
  return new Map([...found].map(([name, pieces]) => [name, joined(pieces)]));
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
