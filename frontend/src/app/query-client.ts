import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem, isProblem } from '../lib/api/problem.ts';

/** Problems that another try would not change. */
const isFinal = (error: unknown) => error instanceof ApiProblem && error.status >= 400 && error.status < 500;

/**
 * The cache of everything read from the API. Reads are tried again twice when the network or the server failed;
 * `onSignedOut` is called when any answer says that the session has ended.
 */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (isProblem(error, 'unauthenticated')) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        gcTime: 30 * 60_000,
        retry: (failures, error) => failures < 2 && !isFinal(error),
        // Live events keep what is on screen fresh; coming back to the tab needs no second reading.
        refetchOnWindowFocus: false,
      },
    },
  });
}
