/**
 * `claim-page`: where a phone's camera leads that looked at the picture of a claim code: what it is and what to
 * do with it. It stays in the address, behind `#`, which no browser sends to anybody: whoever stands in a cellar
 * may have to load the page again.
 */
import { readClaimLabel } from "#shared/model/claim-label.ts";
import { CopyButton } from "#shared/web/components/copy-button.tsx";
import { ClaimSteps } from "./claim-steps.tsx";
import { Entrance } from "./entrance.tsx";
import { speech } from "./speech.ts";

export function ClaimPage() {
  const { gateways: says, device } = speech.words;
  const label = readClaimLabel(location.href);
  return (
    <Entrance title={says.claimTitle} lead={says.codeLead}>
      <div class="claim-made">
        {label && (
          <p class="claim-code mono">
            {label.code}
            <CopyButton text={location.href} label={device.copy} done={device.copied} />
          </p>
        )}
        <ClaimSteps />
      </div>
    </Entrance>
  );
}
