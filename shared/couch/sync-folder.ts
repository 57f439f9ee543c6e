/** `sync-folder`: makes a folder's own entries durable: LevelDB syncs its files and not the folder they stand in. */
import { open } from "node:fs/promises";

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
