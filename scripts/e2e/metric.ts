/** `metric`: one number of a program's `/metrics`, by its name and labels as Prometheus writes them. */

/** @returns undefined when it does not answer or has no such number */
export async function metric(url: string, name: string): Promise<number | undefined> {
  try {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) });
    const line = (await answer.text()).split("\n").find((text) => text.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.slice(name.length + 1));
  } catch {
    return undefined;
  }
}
