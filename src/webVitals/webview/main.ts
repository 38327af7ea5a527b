/**
 * The script of the web vitals page. It shows what it receives, keeps the focus in place, and reports which button was
 * pressed. Everything else happens in the extension.
 */
import { showPage } from '../../ui/webview/page';

const send = showPage((content, html) => {
  const focused = buttonKey(document.activeElement);
  content.innerHTML = html;
  if (focused !== undefined) {
    buttonLike(content, focused)?.focus();
  }
});

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>('[data-action]') : null;
  if (button) {
    const { action, side } = button.dataset;
    send({ type: 'action', action, side: Number(side) });
  }
});

interface ButtonKey {
  action: string;
  side: string;
}

function buttonKey(element: Element | null): ButtonKey | undefined {
  const { action, side } = element instanceof HTMLElement ? element.dataset : {};
  return action !== undefined && side !== undefined ? { action, side } : undefined;
}

/** The same button, or its replacement: Cancel replaces Refresh, and a removed button leaves the first. */
function buttonLike(content: HTMLElement, { action, side }: ButtonKey): HTMLElement | null | undefined {
  const selectors = [
    `[data-action=${action}][data-side="${side}"]`,
    ...(action === 'refresh' ? ['[data-action=cancel]'] : ['[data-action=refresh]']),
    '[data-action]',
  ];
  return selectors
    .map((selector) => content.querySelector<HTMLElement>(selector))
    .find((found) => found !== null);
}
