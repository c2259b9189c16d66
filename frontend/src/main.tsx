import './styles/tokens.css';
import './styles/base.css';
import '@mantine/core/styles/baseline.layer.css';
import '@mantine/core/styles/default-css-variables.layer.css';
import '@mantine/core/styles/global.layer.css';
import '@mantine/core/styles/UnstyledButton.layer.css';
import '@mantine/core/styles/Input.layer.css';
import '@mantine/core/styles/ActionIcon.layer.css';
import '@mantine/core/styles/PasswordInput.layer.css';
import '@mantine/core/styles/Button.layer.css';
import '@mantine/core/styles/Loader.layer.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './app/query-client.ts';
import { createAppRouter } from './app/router.tsx';
import { ApiProblem } from './lib/api/problem.ts';
import { meQuery } from './lib/queries/me.ts';
import { colorSchemeManager, cssVariablesResolver, theme } from './app/theme.ts';

/** A page that failed right after it was loaded would fail again. */
const reloadPauseMs = 10_000;

const queryClient = createQueryClient(() => {
  if (queryClient.getQueryData(meQuery.queryKey) === undefined) return;
  queryClient.removeQueries({ queryKey: meQuery.queryKey, exact: true });
  // The signed-in routes ask who this is before anything else, and lead to the sign-in page.
  void router.invalidate();
});
const router = createAppRouter(queryClient);

// After an update of the server the page's own chunks are gone. The new page has new ones; once is enough to find out.
addEventListener('vite:preloadError', (event) => {
  if (performance.now() < reloadPauseMs) return;
  event.preventDefault();
  location.reload();
});

const host = document.getElementById('root');
if (host !== null) {
  createRoot(host, {
    // What the API refuses is shown on the page and no fault of the program.
    onCaughtError: (error) => {
      if (!(error instanceof ApiProblem)) reportError(error);
    },
  }).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        colorSchemeManager={colorSchemeManager}
        cssVariablesResolver={cssVariablesResolver}
        defaultColorScheme="auto"
      >
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
