/** `decimal-index`: what a counter shows, as text and as whole number with its power of ten. Pure. */

/** `"12.340"` as 12340 × 10⁻³: no digit is lost, nor made. */
export function indexOf(text: string): { n: number; scale: number } {
  const decimals = text.split(".")[1]?.length ?? 0;
  return { n: Number(text.replace(".", "")), scale: decimals === 0 ? 0 : -decimals };
}

/** `n` × 10^`scale` as text, every digit of it. */
export function indexText(n: number, scale: number): string {
  if (scale >= 0) return String(n * 10 ** scale);
  const digits = String(Math.abs(n)).padStart(1 - scale, "0");
  return `${n < 0 ? "-" : ""}${digits.slice(0, scale)}.${digits.slice(scale)}`;
}
