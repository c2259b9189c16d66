import type { AskedJob, ImportProblem } from '@taskflow/contract/exchange';
import type { Project } from '@taskflow/contract/projects';
import { cleanup, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProjectScopeProvider } from '../../lib/project-scope.ts';
import { apiAddress, startFakeApi } from '../../testing/fake-api.ts';
import { renderInWorkspace } from '../../testing/in-workspace.tsx';
import { ExportSettings } from './export-settings.tsx';
import { ImportSettings } from './import-settings.tsx';
import { ReportSettings } from './report-settings.tsx';

const server = startFakeApi();
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));

const at = '2026-03-02T09:00:00.000Z';
const project: Project = {
  id: 'project',
  workspaceId: 'workspace',
  key: 'OPS',
  name: 'Operations',
  description: '',
  color: '#5e6ad2',
  visibility: 'workspace',
  role: null,
  version: 1,
  createdAt: at,
  updatedAt: at,
};
const aJob = (job: Partial<AskedJob>): AskedJob => ({
  id: 'job',
  type: 'project.export',
  state: 'succeeded',
  reason: null,
  errorCode: null,
  progress: null,
  project: null,
  payload: {},
  result: null,
  files: [],
  createdAt: at,
  startedAt: null,
  finishedAt: null,
  ...job,
});

let asked: unknown[];
let jobs: AskedJob[];
beforeEach(() => {
  asked = [];
  jobs = [];
  server.use(
    http.get(`${apiAddress}/workspaces/workspace/asked-jobs`, () =>
      HttpResponse.json({ items: jobs, nextCursor: null }),
    ),
    http.get(`${apiAddress}/workspaces/workspace/report-schedules`, () =>
      HttpResponse.json({ items: [], nextCursor: null }),
    ),
    http.post(`${apiAddress}/jobs`, async ({ request }) => {
      asked.push(await request.json());
      const [newest] = jobs;
      return HttpResponse.json(newest ?? aJob({ state: 'pending' }), { status: 202 });
    }),
  );
});
afterEach(cleanup);

const inProject = (Section: () => React.ReactNode) => () => (
  <ProjectScopeProvider value={{ project, statuses: [], canConfigure: true }}>
    <Section />
  </ProjectScopeProvider>
);

describe('exports', () => {
  it('show how far they are, then their file', async () => {
    jobs = [aJob({ state: 'running', progress: 0.42 })];
    renderInWorkspace('/settings', inProject(ExportSettings));
    await screen.findByText('42 %');
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Export the project' }).disabled).toBe(true);
    const file = { id: 'file', fileName: 'OPS.zip', mediaType: 'application/zip', sizeBytes: 14_000, expiresAt: null };
    jobs = [aJob({ files: [file] })];
    const link = await screen.findByRole<HTMLAnchorElement>('link', { name: 'Download OPS.zip' }, { timeout: 3_000 });
    expect(link.getAttribute('href')).toBe('/api/v1/blobs/file');
    await userEvent.click(screen.getByRole('button', { name: 'Export the project' }));
    await waitFor(() => expect(asked).toEqual([{ type: 'project.export', payload: { projectId: 'project' } }]));
  });

  it('say why one failed', async () => {
    jobs = [aJob({ state: 'quarantined', reason: 'exhausted', errorCode: 'TIMEOUT' })];
    renderInWorkspace('/settings', inProject(ExportSettings));
    expect(await screen.findByText('Failed: TIMEOUT')).toBeDefined();
  });
});

describe('imports', () => {
  const problems: ImportProblem[] = [{ line: 3, field: 'due', message: 'is no date', isFatal: true }];

  it('are checked before anything is imported', async () => {
    server.use(
      http.post(`${apiAddress}/projects/project/uploads`, () =>
        HttpResponse.json(
          {
            id: 'upload',
            fileName: 'tasks.csv',
            sizeBytes: 20,
            format: 'csv',
            table: { columns: ['What', 'When'], rows: [['Paint', 'soon']], mapping: { due: 1 } },
          },
          { status: 201 },
        ),
      ),
      http.get(`${apiAddress}/jobs/job/problems`, () => HttpResponse.json({ items: problems, nextCursor: null })),
    );
    renderInWorkspace('/settings', inProject(ImportSettings));
    await screen.findByRole('button', { name: 'Choose a file' });
    const input = document.querySelector<HTMLInputElement>('input[type=file]');
    if (input === null) throw new Error('there is no field for files');
    await userEvent.upload(input, new File(['What,When\nPaint,soon\n'], 'tasks.csv', { type: 'text/csv' }));
    const check = await screen.findByRole<HTMLButtonElement>('button', { name: 'Check the file' });
    expect(check.disabled).toBe(true);
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Title' }), 'What');
    jobs = [aJob({ type: 'project.import', result: { imported: 0, tasks: 3, invalid: 1, problems: 1, dryRun: true } })];
    await userEvent.click(check);
    await screen.findByText('Line 3, due: is no date');
    await screen.findByText(/1 task has problems/);
    await userEvent.click(screen.getByRole('button', { name: 'Import 2 tasks' }));
    const payload = { projectId: 'project', fileId: 'upload', format: 'csv', mapping: { title: 0, due: 1 } };
    await waitFor(() =>
      expect(asked).toEqual([
        { type: 'project.import', payload: { ...payload, dryRun: true } },
        { type: 'project.import', payload: { ...payload, skipInvalid: true } },
      ]),
    );
  });

  it('say why a file was refused', async () => {
    server.use(
      http.post(`${apiAddress}/projects/project/uploads`, () =>
        HttpResponse.json({ code: 'too_large', title: 'The request is too large', status: 413 }, { status: 413 }),
      ),
    );
    renderInWorkspace('/settings', inProject(ImportSettings));
    await screen.findByRole('button', { name: 'Choose a file' });
    const input = document.querySelector<HTMLInputElement>('input[type=file]');
    if (input === null) throw new Error('there is no field for files');
    await userEvent.upload(input, new File(['a'], 'a.csv', { type: 'text/csv' }));
    expect((await screen.findByRole('alert')).textContent).not.toBe('');
  });
});

describe('reports', () => {
  it('run now and each week', async () => {
    const schedules: unknown[] = [];
    server.use(
      http.post(`${apiAddress}/workspaces/workspace/report-schedules`, async ({ request }) => {
        schedules.push(await request.json());
        return HttpResponse.json({}, { status: 201 });
      }),
    );
    renderInWorkspace('/settings', ReportSettings);
    await screen.findByText('No report yet. Run one, or get it each week.');
    await userEvent.click(screen.getByRole('button', { name: 'Run the report' }));
    const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    await waitFor(() =>
      expect(asked).toEqual([
        { type: 'report.generate', payload: { kind: 'weekly', workspaceId: 'workspace', timeZone } },
      ]),
    );
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Day' }), 'Friday');
    await userEvent.click(screen.getByRole('button', { name: 'Get it each week' }));
    await waitFor(() => expect(schedules).toEqual([{ kind: 'weekly', weekday: 5, hour: 8, timeZone }]));
  });
});
