/**
 * `letter`: a page to print and hand over: how somebody comes in on the internet and in the
 * building. Complete in itself: nothing is loaded from anywhere. Pure.
 *
 * It holds secrets (a link, a code): made when asked for, kept nowhere.
 */
import { renderSVG } from "uqr";
import type { Language } from "#shared/api/resident.ts";
import { escaped, mailWords, shownMoment } from "./compose.ts";

export interface Letter {
  readonly language: Language;
  readonly name: string;
  readonly organization: string;
  readonly community?: string | undefined;
  /** Homes it is about, as they are called. */
  readonly homes?: readonly string[];
  /** The way in on the internet. */
  readonly activation?: { readonly url: string; readonly expiresAt: string } | undefined;
  /** The way in on the building's own network. */
  readonly lan?: {
    readonly code: string;
    /** Where the gateway's pages are: by name, and by number because names fail on some phones. */
    readonly address?: string | undefined;
    readonly numericAddress?: string | undefined;
    readonly wifi?: { readonly name: string; readonly password: string } | undefined;
  };
}

const STYLE = `body{font:12pt/1.5 system-ui,sans-serif;max-width:17cm;margin:2cm auto;color:#1c2024}
h1{font-size:18pt}h2{font-size:14pt;margin-top:1.2cm}svg{width:4cm;height:4cm;display:block}
code{font:16pt/2 ui-monospace,monospace;letter-spacing:.08em}.address{overflow-wrap:anywhere}
small{color:#60646c}@media print{body{margin:0}}`;

/** What joins a phone to a Wi-Fi when its camera reads it. */
export function wifiText({ name, password }: { name: string; password: string }): string {
  const safe = (text: string) => text.replaceAll(/([\\;,:"])/g, "\\$1");
  return password === ""
    ? `WIFI:T:nopass;S:${safe(name)};;`
    : `WIFI:T:WPA;S:${safe(name)};P:${safe(password)};;`;
}

export function letterHtml(letter: Letter): string {
  const { language, organization, community, homes = [], activation, lan } = letter;
  const words = mailWords[language];
  const { letter: say } = words;
  const place = [community, homes.join(", ")].filter((part) => part !== undefined && part !== "");
  const parts = [
    `<p>${escaped([organization, ...place].join(" · "))}</p>`,
    `<h1>${escaped(say.title)}</h1>`,
    `<p>${escaped(words.hello(letter.name))}</p>`,
  ];
  if (activation)
    parts.push(
      `<h2>${escaped(say.online)}</h2>`,
      `<p>${escaped(say.onlineHow)}</p>`,
      qr(activation.url),
      `<p class="address">${escaped(activation.url)}</p>`,
      `<p><small>${escaped(say.until(shownMoment(activation.expiresAt, language)))}</small></p>`,
    );
  if (lan) {
    const { code, address, numericAddress, wifi } = lan;
    const shown = address ?? numericAddress;
    parts.push(`<h2>${escaped(say.code)}</h2>`, `<p><code>${escaped(code)}</code></p>`);
    if (wifi)
      parts.push(
        `<p>${escaped(say.wifi)}: <b>${escaped(wifi.name)}</b> ${escaped(wifi.password)}</p>`,
        qr(wifiText(wifi)),
      );
    if (shown !== undefined)
      parts.push(
        `<p>${escaped(say.codeHow)}</p>`,
        qr(`${shown}#code=${code}`),
        `<p class="address">${escaped(shown)}</p>`,
      );
    if (address !== undefined && numericAddress !== undefined)
      parts.push(`<p>${escaped(say.orAddress(numericAddress))}</p>`);
    parts.push(`<p><small>${escaped(say.keep)}</small></p>`);
  }
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="robots" content="noindex">
<title>${escaped(say.title)}</title>
<style>${STYLE}</style>
</head>
<body>
${parts.join("\n")}
</body>
</html>
`;
}

/** Error correction "M": a fold in the paper does no harm. */
const qr = (text: string) => renderSVG(text, { ecc: "M", border: 2 });
