/**
 * `field-path`: names a value inside an answer by dots, `heat.energy_kwh` or `channels.0.volume`.
 *
 * Only an object's own fields are ever looked at: the answer is foreign.
 */

/** The value at `path`, or undefined. A field whose own name holds dots is found too. */
export function valueAt(data: unknown, path: string): unknown {
  if (typeof data !== "object" || data === null) return undefined;
  if (Object.hasOwn(data, path)) return (data as Record<string, unknown>)[path];
  for (let dot = path.indexOf("."); dot > 0; dot = path.indexOf(".", dot + 1)) {
    const head = path.slice(0, dot);
    if (!Object.hasOwn(data, head)) continue;
    const found = valueAt((data as Record<string, unknown>)[head], path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Paths of all values that are neither object nor list, and of lists of objects as a whole; at most `most`. */
export function pathsOf(data: unknown, most: number): string[] {
  const paths: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (paths.length >= most) return;
    const isList = Array.isArray(value) && value.some((item) => typeof item === "object");
    if (typeof value !== "object" || value === null || isList) {
      if (path !== "") paths.push(path);
      return;
    }
    for (const [name, inner] of Object.entries(value))
      visit(inner, path === "" ? name : `${path}.${name}`);
  };
  visit(data, "");
  return paths;
}
