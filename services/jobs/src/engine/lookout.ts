/** Looks where something waits, beside the dispatching: it may take long. */
export interface Lookout {
  /** Looks now; when a look is under way already, says when that has ended. */
  look(): void;
  readonly isLooking: boolean;
  /** Resolves when no look is under way. */
  settled(): Promise<void>;
}

/** Creates a lookout. None of its callbacks may throw. */
export function createLookout(options: {
  /** @returns whether there was news */
  readonly survey: () => Promise<boolean>;
  readonly onNews: () => void;
  /** A look was asked for while one was under way, which may have been too early for it. */
  readonly onMissed: () => void;
  readonly onError: (error: unknown) => void;
}): Lookout {
  let looking: Promise<void> | undefined;
  let isMissed = false;

  async function lookOnce(): Promise<void> {
    try {
      if (await options.survey()) {
        options.onNews();
      }
    } catch (error) {
      options.onError(error);
    }
    looking = undefined;
    if (isMissed) {
      isMissed = false;
      options.onMissed();
    }
  }

  return {
    get isLooking() {
      return looking !== undefined;
    },
    look() {
      if (looking === undefined) {
        looking = lookOnce();
      } else {
        isMissed = true;
      }
    },
    settled: () => looking ?? Promise.resolve(),
  };
}
