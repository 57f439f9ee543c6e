/**
 * Module resolution hook of the test process: a test file that imports `uvu` gets `watched-uvu.ts`.
 * Plain JavaScript, because Node loads it in a thread of its own before anything else.
 */
const watched = new URL("./watched-uvu.ts", import.meta.url).href;

/** @see Node.js "module.register", resolve hook */
export async function resolve(specifier, context, next) {
  const isOwn = context.parentURL?.startsWith(watched) ?? false;
  return specifier === "uvu" && !isOwn ? next(watched, context) : next(specifier, context);
}
