import { Button, Menu } from '@mantine/core';
import type { JobAction, JobSummary } from '@taskflow/contract/operations';
import { IconChevronDown, IconListDetails } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { PageState } from '../../components/page/page-states.tsx';
import { type JobFilter, jobsQuery } from '../../lib/queries/operations.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import { JobFilters } from './job-filters.tsx';
import { JobPanel } from './job-panel.tsx';
import { useChangeJobSearch, useJobSearch } from './job-search.ts';
import classes from './operations.module.css';
import { JobStatePill, Loaded, useSeconds, When } from './parts.tsx';
import { t } from './translate.ts';

/** Jobs, newest first, with one of them open beside the list. */
export function JobsPage() {
  const { filter, jobId } = useJobSearch();
  const change = useChangeJobSearch();
  const query = useInfiniteQuery(jobsQuery(filter));
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <div className={classes['split']}>
      <main className={classes['page']}>
        <div className={classes['bar']}>
          <JobFilters filter={filter} />
          <span className={classes['space']} />
          {isFiltered && <BulkMenu filter={filter} />}
        </div>
        <Loaded query={query}>
          {({ pages }) => (
            <JobTable jobs={pages.flatMap(({ items }) => items)} openId={jobId} onOpen={(id) => change({ job: id })} />
          )}
        </Loaded>
        {query.hasNextPage && (
          <div className={classes['more']}>
            <Button
              variant="default"
              size="xs"
              loading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {t('ops.loadMore')}
            </Button>
          </div>
        )}
      </main>
      {jobId !== undefined && <JobPanel key={jobId} id={jobId} onClose={() => change({ job: undefined })} />}
    </div>
  );
}

interface JobTableProps {
  readonly jobs: readonly JobSummary[];
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
}

function JobTable({ jobs, openId, onOpen }: JobTableProps) {
  const now = useSeconds();
  if (jobs.length === 0) {
    return (
      <PageState icon={<IconListDetails size={22} stroke={1.6} />} title={t('ops.noJobs')} text={t('ops.noJobsText')} />
    );
  }
  return (
    <div className={classes['tableBox']}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{t('ops.type')}</th>
            <th scope="col">{t('ops.filterState')}</th>
            <th scope="col">{t('ops.error')}</th>
            <th scope="col" data-wide>
              {t('ops.workspace')}
            </th>
            <th scope="col" data-number>
              {t('ops.attempts')}
            </th>
            <th scope="col" data-number>
              {t('ops.created')}
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <tr key={job.id} data-open={job.id === openId || undefined} className={classes['clickable']}>
              <th scope="row">
                <button
                  type="button"
                  className={classes['rowButton']}
                  data-job-id={job.id}
                  aria-expanded={job.id === openId}
                  onClick={() => onOpen(job.id)}
                >
                  {job.type}
                </button>
              </th>
              <td>
                <JobStatePill state={job.state} />
              </td>
              <td>
                <code>{job.errorCode}</code>
              </td>
              <td data-wide>{job.workspace?.name ?? <span data-quiet>{t('ops.instance')}</span>}</td>
              <td data-number>{job.attempt}</td>
              <td data-number>
                <When instant={job.createdAt} now={now} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const jobActions = ['release', 'retry', 'discard', 'cancel'] as const satisfies readonly JobAction[];

function BulkMenu({ filter }: { readonly filter: JobFilter }) {
  const [action, setAction] = useState<JobAction>();
  const { workspace: workspaceId, error: errorCode, breaker: breakerKey, ...same } = filter;
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button variant="default" size="xs" rightSection={<IconChevronDown size={14} aria-hidden />}>
            {t('ops.all')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {jobActions.map((name) => (
            <Menu.Item key={name} onClick={() => setAction(name)}>
              {t(`ops.actAll.${name}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {action !== undefined && (
        <BulkDialog
          action={action}
          text={t(`ops.actAllText.${action}`)}
          filter={{
            ...same,
            ...(workspaceId !== undefined && { workspaceId }),
            ...(errorCode !== undefined && { errorCode }),
            ...(breakerKey !== undefined && { breakerKey }),
          }}
          onClose={() => setAction(undefined)}
        />
      )}
    </>
  );
}
