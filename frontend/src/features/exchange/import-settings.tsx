import { FileButton, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AskedJob, Upload } from '@taskflow/contract/exchange';
import { useState } from 'react';
import { SettingsSection, settingsClasses } from '../../components/settings/settings.tsx';
import { callWithFile } from '../../lib/api/client.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { useProjectScope } from '../../lib/project-scope.ts';
import { askedJobsQuery } from '../../lib/queries/exchange.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import { AskedJobs } from './asked-jobs.tsx';
import { ImportDraft } from './import-draft.tsx';
import { ReadProblem } from './read-problem.tsx';
import { t } from './translate.ts';

/** Tasks from files: choose one, say what its columns are, check it, import it. */
export function ImportSettings() {
  const { workspace } = useWorkspaceScope();
  const { project } = useProjectScope();
  const {
    data: jobs,
    error,
    refetch,
  } = useQuery(askedJobsQuery(workspace.id, { type: 'project.import', project: project.id }));
  const [upload, setUpload] = useState<Upload>();
  const [isSending, setIsSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  const send = async (file: File | null) => {
    if (file === null) return;
    setUpload(undefined);
    setProblem(undefined);
    setIsSending(true);
    try {
      setUpload(
        await callWithFile('POST /projects/{id}/uploads', {
          params: { id: project.id },
          query: { name: file.name.slice(0, 200) },
          file,
        }),
      );
    } catch (cause) {
      setProblem(problemText(cause));
    } finally {
      setIsSending(false);
    }
  };
  return (
    <SettingsSection id="import" title={t('exchange.import')} lead={t('exchange.importLead')}>
      <ReadProblem error={error} onRetry={refetch} />
      <AskedJobs jobs={jobs ?? []} nameOf={nameOfImport} />
      <div className={settingsClasses.foot}>
        <FileButton accept=".csv,.tsv,.txt,.json,text/csv,application/json" onChange={(file) => void send(file)}>
          {(props) => (
            <Button {...props} variant="default" loading={isSending}>
              {t('exchange.chooseFile')}
            </Button>
          )}
        </FileButton>
        {isSending && <span role="status">{t('exchange.uploading')}</span>}
        {problem !== undefined && <span role="alert">{problem}</span>}
      </div>
      {upload !== undefined && (
        <ImportDraft key={upload.id} upload={upload} jobs={jobs ?? []} onDone={() => setUpload(undefined)} />
      )}
    </SettingsSection>
  );
}

function nameOfImport({ state, result }: AskedJob): string {
  if (state !== 'succeeded' || result === null) return t('exchange.import');
  if (result['dryRun'] === true) return t('exchange.checkedOnly');
  const count = Number(result['imported']);
  return count === 0 ? t('exchange.importNone') : t('exchange.imported', { count });
}
