/** The script of a page: shows what the extension sends, and stores what a restored panel starts from. */
interface PageHost {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): PageHost;

/**
 * Shows the HTML of every message, keeps the scroll position, and makes screen readers read the announcement.
 *
 * @param replace inserts the new HTML; focus is up to the caller
 * @returns sends a message to the extension
 */
export function showPage(
  replace: (content: HTMLElement, html: string) => void,
): (message: Readonly<Record<string, unknown>>) => void {
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
    const scroller = content.querySelector('.scroll');
    const [left, top] = [scroller?.scrollLeft ?? 0, scroller?.scrollTop ?? 0];
    replace(content, html);
    content.querySelector('.scroll')?.scrollTo(left, top);
    if (heard.textContent !== announcement) {
      heard.textContent = announcement;
    }
    host.setState(state);
  });
  host.postMessage({ type: 'ready' });
  return (message) => host.postMessage(message);
}
