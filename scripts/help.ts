/** `help`: says how a command is used, to whoever asks with `--help` or `-h`, and ends. */
export function helpIfAsked(text: string): void {
  if (!process.argv.slice(2).some((word) => word === "--help" || word === "-h")) return;
  console.log(text);
  process.exit(0);
}
