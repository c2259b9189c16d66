import type { User } from '@taskflow/contract/auth';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem } from '../../lib/api/problem.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { meQuery } from '../../lib/queries/me.ts';

/** Sends a sign-in or sign-up, then leads to where the person wanted to go. */
export function useEntry(next: string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const enter = async (send: () => Promise<{ user: User }>) => {
    setBusy(true);
    setError(undefined);
    try {
      const { user } = await send();
      client.clear();
      client.setQueryData(meQuery.queryKey, user);
      await navigate({ href: next });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };

  const fields = error instanceof ApiProblem && error.errors.length > 0 ? error : undefined;
  return {
    enter,
    busy,
    /** The message under one field. */
    fieldError: (path: string) => fields?.fieldError(path),
    /** The message above the form, unless the fields say it. */
    problem: error === undefined || fields !== undefined ? undefined : problemText(error),
  };
}
