import { Button } from '@mantine/core';
import type { AskedJob, ImportField, ImportFormat, Upload } from '@taskflow/contract/exchange';
import { useState } from 'react';
import { Choice, settingsClasses } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { useProjectScope } from '../../lib/project-scope.ts';
import { askedJobsQuery, hasEnded } from '../../lib/queries/exchange.ts';
import { useChange } from '../../lib/use-change.ts';
import { useWorkspaceScope } from '../../lib/workspace-scope.ts';
import classes from './exchange.module.css';
import { ImportProblems } from './import-problems.tsx';
import { t } from './translate.ts';

const formats: readonly ImportFormat[] = ['csv', 'taskflow', 'trello', 'vikunja'];
const fields: readonly ImportField[] = [
  'title',
  'description',
  'status',
  'priority',
  'assignees',
  'labels',
  'start',
  'due',
  'estimate',
  'key',
  'parent',
  'completed',
];
type Mapping = NonNullable<Upload['table']>['mapping'];

interface ImportDraftProps {
  readonly upload: Upload;
  readonly jobs: readonly AskedJob[];
  readonly onDone: () => void;
}

/** A file on its way in: what it is, what a trial says about it, and the import itself. */
export function ImportDraft({ upload, jobs, onDone }: ImportDraftProps) {
  const { workspace } = useWorkspaceScope();
  const { project } = useProjectScope();
  const [format, setFormat] = useState(upload.format);
  const [mapping, setMapping] = useState<Mapping>(upload.table?.mapping ?? {});
  const [trialId, setTrialId] = useState<string>();
  const isTable = format === 'csv' && upload.table !== null;
  const key = askedJobsQuery(workspace.id, { type: 'project.import', project: project.id }).queryKey;
  const ask = useChange(async (options: { dryRun: boolean }) => {
    const job = await call('POST /jobs', {
      body: {
        type: 'project.import',
        payload: {
          projectId: project.id,
          fileId: upload.id,
          format,
          ...(isTable ? { mapping } : {}),
          ...(options.dryRun ? { dryRun: true } : { skipInvalid: true }),
        },
      },
    });
    if (options.dryRun) setTrialId(job.id);
    else onDone();
  }, key);
  const trial = jobs.find(({ id }) => id === trialId);
  const change = (set: () => void) => {
    setTrialId(undefined);
    set();
  };
  return (
    <div className={`${settingsClasses.padded} ${classes['stack']}`}>
      <Choice
        label={t('exchange.format')}
        value={format}
        options={formats.map((value) => ({ value, name: t(`exchange.format.${value}`) }))}
        onChoose={(value) => change(() => setFormat(value))}
      />
      {isTable && upload.table !== null && (
        <Table table={upload.table} mapping={mapping} onMap={(next) => change(() => setMapping(next))} />
      )}
      {trial?.state === 'succeeded' ? (
        <Verdict trial={trial} isPending={ask.isPending} onImport={() => ask.mutate({ dryRun: false })} />
      ) : (
        <Button
          loading={ask.isPending || (trialId !== undefined && (trial === undefined || !hasEnded(trial)))}
          disabled={isTable && mapping.title === undefined}
          onClick={() => ask.mutate({ dryRun: true })}
        >
          {t('exchange.check')}
        </Button>
      )}
    </div>
  );
}

interface TableProps {
  readonly table: NonNullable<Upload['table']>;
  readonly mapping: Mapping;
  readonly onMap: (mapping: Mapping) => void;
}

/** Which column is what, beside the first lines of the file. */
function Table({ table: { columns, rows }, mapping, onMap }: TableProps) {
  const none = { value: '', name: t('exchange.noColumn') };
  const options = [none, ...columns.map((name, index) => ({ value: String(index), name: name || `#${index + 1}` }))];
  const choose = (field: ImportField, value: string) => {
    const { [field]: _before, ...others } = mapping;
    onMap(value === '' ? others : { ...others, [field]: Number(value) });
  };
  return (
    <>
      <fieldset className={classes['mapping']} aria-label={t('exchange.columns')}>
        {fields.map((field) => (
          <label key={field}>
            {t(`exchange.field.${field}`)}
            <Choice
              label={t(`exchange.field.${field}`)}
              value={mapping[field] === undefined ? '' : String(mapping[field])}
              options={options}
              onChoose={(value) => choose(field, value)}
            />
          </label>
        ))}
      </fieldset>
      <div className={classes['scroll']}>
        <table className={classes['preview']} aria-label={t('exchange.firstLines')}>
          <thead>
            <tr>
              {columns.map((name, index) => (
                <th key={`${String(index)} ${name}`} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, row) => (
              <tr key={`${String(row)} ${cells.join(' ')}`}>
                {cells.map((cell, index) => (
                  <td key={`${String(index)} ${cell}`}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface VerdictProps {
  readonly trial: AskedJob;
  readonly isPending: boolean;
  readonly onImport: () => void;
}

/** What a trial found, and the button that imports what can be. */
function Verdict({ trial, isPending, onImport }: VerdictProps) {
  const invalid = Number(trial.result?.['invalid'] ?? 0);
  const count = Number(trial.result?.['tasks'] ?? 0) - invalid;
  return (
    <>
      <p role="status">
        {t('exchange.checked', { count })} {invalid > 0 && t('exchange.invalid', { count: invalid })}
      </p>
      {Number(trial.result?.['problems'] ?? 0) > 0 && <ImportProblems jobId={trial.id} />}
      <Button loading={isPending} disabled={count === 0} onClick={onImport}>
        {t('exchange.importNow', { count })}
      </Button>
    </>
  );
}
