/**
 * `document-shell`: the HTML every page starts from: names of files and nothing else.
 *
 * Must never hold a script, a style or anything of a person: it is the same for everyone.
 */
export interface Shell {
  readonly title: string;
  readonly icon: string;
  /** The entry first, then the parts it asks for at once. */
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
}

/** The document as text. */
export function documentShell({
  title,
  icon,
  scripts: [entry = "", ...parts],
  styles,
}: Shell): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="theme-color" content="#fcfcfd" media="(prefers-color-scheme: light)">',
    '<meta name="theme-color" content="#111113" media="(prefers-color-scheme: dark)">',
    '<meta name="format-detection" content="telephone=no">',
    `<title>${escaped(title)}</title>`,
    `<link rel="icon" type="image/svg+xml" href="${icon}">`,
    ...styles.map((path) => `<link rel="stylesheet" href="${path}">`),
    ...parts.map((path) => `<link rel="modulepreload" href="${path}">`),
    `<script type="module" src="${entry}"></script>`,
    "</head>",
    '<body><div id="page"></div><noscript><p>This page needs JavaScript.</p></noscript></body>',
    "</html>",
    "",
  ].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
