/** `late-page`: a page that is fetched when it is first gone to. Its style sheet must be imported by whoever names it. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

export function latePage(load: () => Promise<ComponentType>): ComponentType {
  return function LatePage() {
    const [Page, setPage] = useState<ComponentType>();
    useEffect(() => void load().then((loaded) => setPage(() => loaded)), []);
    return Page === undefined ? null : <Page />;
  };
}
