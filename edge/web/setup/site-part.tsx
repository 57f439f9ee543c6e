/** `site-part`: the homes and meters of each community here, what was asked for, and a meter to add. */
import { useEffect, useState } from "preact/hooks";
import type { SetupSite } from "#shared/api/gateway-setup.ts";
import { get } from "#shared/web/api-client.ts";
import { Button } from "#shared/web/components/button.tsx";
import { AddMeter } from "./add-meter.tsx";
import { Homes } from "./homes.tsx";
import { RequestList } from "./request-list.tsx";
import { speech } from "./words.ts";

export type SiteCommunity = SetupSite["communities"][number];

/** An installer switches a meter on and looks whether it is heard. */
const AGAIN_MS = 3_000;

export function SitePart() {
  const { site: words } = speech.words;
  const [communities, setCommunities] = useState<readonly SiteCommunity[]>();
  const [adding, setAdding] = useState<string>();
  const look = async () => {
    const answer = await get<SetupSite>("/setup/site");
    if (answer.ok) setCommunities(answer.value.communities);
  };
  useEffect(() => {
    void look();
    const timer = setInterval(() => void look(), AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  if (communities === undefined) return null;
  if (communities.length === 0) return <p class="muted">{words.noSite}</p>;
  return (
    <>
      {communities.map((community) => (
        <section key={community.tenant} class="setup-site">
          <header class="setup-head">
            <h2>
              {words.site} · {community.name}
            </h2>
            {adding !== community.tenant && (
              <Button weight="main" onClick={() => setAdding(community.tenant)}>
                {words.add}
              </Button>
            )}
          </header>
          {adding === community.tenant && (
            <AddMeter
              community={community}
              done={() => {
                setAdding(undefined);
                void look();
              }}
              close={() => setAdding(undefined)}
            />
          )}
          <Homes community={community} changed={() => void look()} />
          {community.requests.length > 0 && <RequestList community={community} />}
        </section>
      ))}
    </>
  );
}
