/** `shortcuts`: what the keyboard does here. */
import { Dialog } from "#shared/web/components/dialog.tsx";
import { speech } from "./speech.ts";

export function Shortcuts({ close }: { close(): void }) {
  const { words } = speech;
  const list: readonly [readonly string[], string][] = [
    [["/", "Ctrl K"], words.shortcuts.search],
    [["↑", "↓"], words.shortcuts.arrows],
    [["Enter"], words.shortcuts.enter],
    [["Esc"], words.shortcuts.escape],
    [["?"], words.shortcuts.help],
  ];
  return (
    <Dialog title={words.frame.shortcuts} closeText={words.frame.close} close={close}>
      <dl class="shortcuts">
        {list.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
