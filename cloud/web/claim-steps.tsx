/** `claim-steps`: what an installer does with a claim code. */
import { speech } from "./speech.ts";

export function ClaimSteps() {
  const { gateways: says } = speech.words;
  return (
    <ol class="small">
      {[says.stepOpen, says.stepType(location.origin), says.stepWait].map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ol>
  );
}
