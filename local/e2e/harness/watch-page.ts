import type { Page } from 'playwright-core';

/** What went wrong in a page, besides what the test itself looks at. */
export interface PageWatch {
  readonly problems: readonly string[];
  /** From now on, answers like `PATCH /api/v1/tasks/… 412` and failed requests that match are part of the test. */
  tolerate(pattern: RegExp): void;
}

/** Whoever opens a page without a session is asked who they are. */
const ALWAYS_TOLERATED = /^GET \/api\/v1\/me 401$/;

/**
 * Collects errors on the console (refusals by the content security policy are among them), uncaught errors, failed
 * requests and answers of 400 and more.
 */
export function watchPage(page: Page): PageWatch {
  const problems: string[] = [];
  const tolerated = [ALWAYS_TOLERATED];
  const note = (problem: string): void => {
    if (!tolerated.some((pattern) => pattern.test(problem))) {
      problems.push(problem);
    }
  };
  page.on('console', (message) => {
    // Chromium repeats every failed request here; those are told apart below.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      note(`console: ${message.text()}`);
    }
  });
  page.on('pageerror', (error) => note(`uncaught: ${error.stack ?? error.message}`));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // The page itself gave it up: it went elsewhere, or was closed.
    if (reason !== 'net::ERR_ABORTED') {
      note(`${request.method()} ${pathOf(request.url())} ${reason}`);
    }
  });
  page.on('response', (response) => {
    if (response.status() >= 400) {
      note(`${response.request().method()} ${pathOf(response.url())} ${response.status()}`);
    }
  });
  return {
    problems,
    tolerate: (pattern) => void tolerated.push(pattern),
  };
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
