/**
 * The script of the web vitals page. It shows what it receives, keeps the focus in place, and reports which button was
 * pressed. Everything else happens in the extension.
 */
interface PageHost {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): PageHost;

const host = acquireVsCodeApi();
const content = document.querySelector('main');
const heard = document.querySelector('[role=status]');

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (typeof data !== 'object' || data === null || !content || !heard) {
    return;
  }
  const { html, announcement, state }: { html?: unknown; announcement?: unknown; state?: unknown } = data;
  if (typeof html !== 'string' || typeof announcement !== 'string') {
    return;
  }
  const focused = buttonKey(document.activeElement);
  const scrolled = content.querySelector('.scroll')?.scrollLeft ?? 0;
  content.innerHTML = html;
  content.querySelector('.scroll')?.scrollTo(scrolled, 0);
  if (focused !== undefined) {
    buttonLike(focused)?.focus();
  }
  if (heard.textContent !== announcement) {
    heard.textContent = announcement;
  }
  host.setState(state);
});

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest<HTMLElement>('[data-action]') : null;
  if (button) {
    const { action, side } = button.dataset;
    host.postMessage({ type: 'action', action, side: Number(side) });
  }
});

host.postMessage({ type: 'ready' });

interface ButtonKey {
  action: string;
  side: string;
}

function buttonKey(element: Element | null): ButtonKey | undefined {
  const { action, side } = element instanceof HTMLElement ? element.dataset : {};
  return action !== undefined && side !== undefined ? { action, side } : undefined;
}

/** The same button, or its replacement: Cancel replaces Refresh, and a removed button leaves the first. */
function buttonLike({ action, side }: ButtonKey): HTMLElement | null | undefined {
  const selectors = [
    `[data-action=${action}][data-side="${side}"]`,
    ...(action === 'refresh' ? ['[data-action=cancel]'] : ['[data-action=refresh]']),
    '[data-action]',
  ];
  return selectors
    .map((selector) => content?.querySelector<HTMLElement>(selector))
    .find((found) => found !== null && found !== undefined);
}

export {};
