/**
 * `power-cut-disk`: a disk whose power can be cut: an ext4 image on a loop device, which forgets on
 * the word whatever was not synced.
 *
 * The cut is ext4's own shutdown without flushing its journal; mounting again replays the journal, as
 * after a cut of the mains. What a drive's own cache may lose in spite of a flush is not played.
 * For a mount namespace of its own only.
 */
import { execFile, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { truncate, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { Fault } from "#shared/model/fault.ts";

/** Where `mkfs` and `mount` are is not on every root's path; an empty path stays empty. */
export const SYSTEM_PATH = process.env.PATH
  ? [process.env.PATH, "/usr/sbin", "/sbin"].join(delimiter)
  : "";

const SIZE_BYTES = 256 * 1024 * 1024;
/** EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH, see linux/fs/ext4/ext4.h; Node has no ioctl, every Debian has Perl. */
const SHUTDOWN = `open my $folder, "<", $ARGV[0] or die "open: $!\\n";
my $flags = pack("L", 2);
syswrite STDOUT, "ready\\n";
<STDIN>;
ioctl($folder, 0x8004587d, $flags) or die "ioctl: $!\\n";`;
const UMOUNT = "umount";
const UNSYNCED = "this was never synced";

export interface CutDisk {
  /** Where it is mounted. */
  readonly folder: string;
  /**
   * Resolves when nothing reaches it any more and nothing is read from it.
   *
   * @param begins called at once before: an fsync that is answered after it may have been answered
   *   wrongly, since ext4 lets one that is under way while it shuts down end without an error
   */
  cut(begins: () => void): Promise<void>;
  /** Mounts it again after a cut; nobody may have a file of it open. @throws Fault when the cut let something through that was never synced */
  powerUp(): Promise<void>;
  /** An empty file system instead of this one. */
  format(): Promise<void>;
  /** At once, also in an exit handler. */
  remove(): void;
}

/** @throws Fault "unavailable" that says what this machine lacks */
export async function cutDisk(parent: string): Promise<CutDisk> {
  const [image, folder] = [join(parent, "disk.img"), join(parent, "disk")];
  const marker = join(folder, "unsynced");
  mkdirSync(folder);
  writeFileSync(image, "");
  await truncate(image, SIZE_BYTES);

  const mount = () => run("mount", ["-t", "ext4", "-o", "loop,noatime", image, folder]);
  /** Whether or not it is mounted. */
  const unmount = (...how: readonly string[]) =>
    spawnSync(UMOUNT, [...how, folder], { env: environment() });
  const disk: CutDisk = {
    folder,
    async cut(begins) {
      const running = execute("perl", ["-e", SHUTDOWN, folder], { env: environment() });
      const { stdout, stdin } = running.child;
      const done = running.catch(inWords("perl"));
      await Promise.race([done, stdout && once(stdout, "data")]);
      // What is written just before tells whether it works.
      await writeFile(marker, UNSYNCED);
      begins();
      stdin?.end("\n");
      await done;
    },
    async powerUp() {
      await run(UMOUNT, [folder]);
      await mount();
      if (textOf(marker).includes(UNSYNCED))
        throw new Fault("unavailable", "what was never synced is there after a cut");
      rmSync(marker, { force: true });
    },
    async format() {
      unmount();
      await run("mkfs.ext4", ["-q", "-F", image]);
      await mount();
    },
    remove() {
      unmount("--lazy");
      rmSync(parent, { recursive: true, force: true });
    },
  };
  try {
    await disk.format();
    await disk.cut(() => undefined);
    await disk.powerUp();
  } catch (error) {
    disk.remove();
    throw error;
  }
  return disk;
}

const execute = promisify(execFile);
const environment = () => ({ ...process.env, PATH: SYSTEM_PATH });

async function run(command: string, args: readonly string[]): Promise<void> {
  await execute(command, args, { env: environment() }).catch(inWords(command));
}

function inWords(command: string) {
  return (error: Error & { code?: unknown; stderr?: string }): never => {
    const why = error.code === "ENOENT" ? "not installed" : (error.stderr ?? error.message);
    throw new Fault("unavailable", `${command}: ${why.trim().replaceAll(/\s+/g, " ")}`, {}, error);
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
