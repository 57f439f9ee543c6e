/**
 * An error as text for a person: message, the difference of an assertion, and the lines of the stack
 * that lie in the project.
 */

/** Any thrown value as text, first line the message. Never throws. */
export function words(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${String(error)}`;
  const details = "details" in error && typeof error.details === "string" ? error.details : "";
  const isAssertion = "expects" in error;
  const head = isAssertion ? error.message : `${error.name}: ${error.message}`;
  const cause = error.cause === undefined ? "" : `\ncaused by ${words(error.cause)}`;
  return (
    [head, details.trimEnd(), ...frames(error.stack ?? "")]
      .filter((line) => line !== "")
      .join("\n") + cause
  );
}

function frames(stack: string): string[] {
  return stack
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .filter(
      (line) =>
        !/node:internal|node_modules\/uvu|scripts\/test-runner\/(watched-uvu|test-process)/.test(
          line,
        ),
    )
    .slice(0, 8);
}
