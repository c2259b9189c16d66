import { Button } from '@mantine/core';
import type { QuarantineGroup } from '@taskflow/contract/operations';
import { IconShieldCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { PageState } from '../../components/page/page-states.tsx';
import { call } from '../../lib/api/client.ts';
import { notifyDone } from '../../lib/notify.ts';
import { quarantineQuery } from '../../lib/queries/operations.ts';
import { useChange } from '../../lib/use-change.ts';
import { BulkDialog, type BulkFilter } from './bulk-dialog.tsx';
import classes from './operations.module.css';
import { Loaded, Pill, useSeconds, When } from './parts.tsx';
import { t } from './translate.ts';

/** Quarantined jobs in groups that are alike: release one to try, then the group, or everything. */
export function QuarantinePage() {
  const query = useQuery(quarantineQuery);
  return (
    <main className={classes['page']}>
      <Loaded query={query}>
        {(groups) =>
          groups.length === 0 ? (
            <PageState
              icon={<IconShieldCheck size={22} stroke={1.6} />}
              title={t('ops.calm')}
              text={t('ops.calmText')}
            />
          ) : (
            <Groups groups={groups} />
          )
        }
      </Loaded>
    </main>
  );
}

const keyOf = (group: QuarantineGroup) =>
  [group.type, group.reason, group.breakerKey, group.errorCode, group.fingerprint].join('|');

function Groups({ groups }: { readonly groups: readonly QuarantineGroup[] }) {
  const [asking, setAsking] = useState(false);
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  return (
    <>
      <div className={classes['bar']}>
        <b>{t('ops.jobsAlike', { count })}</b>
        <span className={classes['space']} />
        <Button variant="default" size="xs" onClick={() => setAsking(true)}>
          {t('ops.releaseEverything')}
        </Button>
      </div>
      <ul className={classes['rows']}>
        {groups.map((group) => (
          <GroupRow key={keyOf(group)} group={group} />
        ))}
      </ul>
      {asking && (
        <BulkDialog
          action="release"
          text={t('ops.releaseAllText', { count })}
          filter={{ state: 'quarantined' }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

/** Exactly the jobs of a group. */
function filterOf({ type, reason, errorCode, fingerprint, breakerKey }: QuarantineGroup): BulkFilter {
  const same = { state: 'quarantined', type, reason } as const;
  return reason === 'breaker'
    ? { ...same, ...(breakerKey !== null && { breakerKey }) }
    : { ...same, errorCode, fingerprint };
}

function GroupRow({ group }: { readonly group: QuarantineGroup }) {
  const now = useSeconds();
  const [asking, setAsking] = useState<'release' | 'discard'>();
  const releaseOne = useChange(async () => {
    await call('POST /jobs/{id}/release', { params: { id: group.jobId } });
    notifyDone(t('ops.acted.release', { count: 1 }));
  }, quarantineQuery.queryKey);
  const { type, reason, errorCode, fingerprint, breakerKey, count } = group;
  return (
    <li className={classes['row']}>
      <div className={classes['rowMain']}>
        <div className={classes['rowTitle']}>
          <b>
            {type}
            {errorCode !== null && <code>:{errorCode}</code>}
          </b>
          <Pill tone={reason === 'breaker' ? 'warn' : 'bad'}>{t(`ops.reason.${reason}`)}</Pill>
          <Link
            to="/operations/jobs"
            search={{
              state: 'quarantined',
              type,
              reason,
              ...(fingerprint !== null && { fingerprint }),
              ...(breakerKey !== null && { breaker: breakerKey }),
              ...(errorCode !== null && reason !== 'breaker' && { error: errorCode }),
            }}
            className={classes['link']}
          >
            {t('ops.jobsAlike', { count })}
          </Link>
        </div>
        <p className={classes['muted']}>
          {t('ops.oldestAccepted')} <When instant={group.oldestAt} now={now} />
          {reason === 'breaker' ? ` · ${t('ops.breakerNote')}` : ''}
        </p>
        {reason !== 'breaker' && group.errorMessage !== null && (
          <p className={classes['errorText']}>{group.errorMessage}</p>
        )}
        {breakerKey !== null && (
          <p className={classes['muted']}>
            <code>{breakerKey}</code>
          </p>
        )}
      </div>
      <div className={classes['actions']}>
        <Button size="xs" variant="default" loading={releaseOne.isPending} onClick={() => releaseOne.mutate(undefined)}>
          {t('ops.oneFirst')}
        </Button>
        <Button size="xs" onClick={() => setAsking('release')}>
          {t('ops.releaseThese')}
        </Button>
        <Button size="xs" variant="subtle" color="red" onClick={() => setAsking('discard')}>
          {t('ops.discardThese')}
        </Button>
      </div>
      {asking !== undefined && (
        <BulkDialog
          action={asking}
          text={asking === 'release' ? t('ops.releaseGroupText', { count, type }) : t('ops.actAllText.discard')}
          filter={filterOf(group)}
          onClose={() => setAsking(undefined)}
        />
      )}
    </li>
  );
}
