/** `accessibility`: what axe-core finds wrong on a page as it stands, one line per finding. */
import axe from "axe-core";
import type { Page } from "playwright-core";

/** Resolves when what was changed is drawn: a colour on its way from light to dark is neither. */
const SETTLED = `(async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  await Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished));
  await frame();
})()`;

interface Found {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/**
 * Empty when nothing is wrong. `all`: every rule, best practices too; `colours`: contrast alone,
 * for a page of which only the colours changed since.
 */
export async function findings(page: Page, which: "all" | "colours" = "all"): Promise<string[]> {
  await page.evaluate(axe.source);
  await page.evaluate(SETTLED);
  const options = which === "all" ? {} : { runOnly: ["color-contrast"] };
  const { violations } = await page.evaluate<Found>(`axe.run(${JSON.stringify(options)})`);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ html, failureSummary }) =>
        `${id}: ${html.slice(0, 160)} ${failureSummary?.replaceAll(/\s+/g, " ") ?? ""}`,
    ),
  );
}
