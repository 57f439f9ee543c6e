/**
 * `topic-filter`: MQTT's `+` (one level) and `#` (all that follows).
 *
 * @see MQTT 3.1.1, section 4.7
 */

/** True when `filter` covers `topic`; with a filter as `topic`, when it covers all that one does. */
export function covers(filter: string, topic: string): boolean {
  const levels = topic.split("/");
  const parts = filter.split("/");
  for (const [i, part] of parts.entries()) {
    if (part === "#") return i === parts.length - 1;
    const level = levels[i];
    if (level === undefined || level === "#" || (part !== "+" && part !== level)) return false;
  }
  return parts.length === levels.length;
}

/** True when `filter` is one that a broker would take. */
export function isTopicFilter(filter: string): boolean {
  const parts = filter.split("/");
  return (
    filter !== "" &&
    filter.length <= 65_535 &&
    !filter.includes("\u0000") &&
    parts.every(
      (part, i) => part === "+" || (part === "#" && i === parts.length - 1) || !/[+#]/.test(part),
    )
  );
}
