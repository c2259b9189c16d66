import { Button } from '@mantine/core';
import type { MailState, MailSummary } from '@taskflow/contract/mail';
import { IconMail } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { PageState } from '../../components/page/page-states.tsx';
import { Choice } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { notifyDone } from '../../lib/notify.ts';
import { mailQuery, mailsQuery } from '../../lib/queries/operations.ts';
import { useChange } from '../../lib/use-change.ts';
import classes from './operations.module.css';
import { Loaded, Pill, type Tone, useSeconds, When } from './parts.tsx';
import { t } from './translate.ts';

const route = getRouteApi('/signed-in/operations/mail');
const mailStates = ['queued', 'sent', 'failed', 'suppressed'] as const satisfies readonly MailState[];
const tones: Readonly<Record<MailState, Tone>> = { queued: 'busy', sent: 'good', failed: 'bad', suppressed: 'warn' };

/** Mails of the instance, newest first; where there is no mail server, the place to read them. */
export function MailsPage() {
  const { state: wanted } = route.useSearch();
  const state = mailStates.find((known) => known === wanted);
  const navigate = useNavigate();
  const query = useInfiniteQuery(mailsQuery(state));
  return (
    <main className={classes['page']}>
      <div className={classes['bar']}>
        <Choice
          label={t('ops.filterState')}
          value={state ?? ''}
          options={[
            { value: '', name: t('ops.anyState') },
            ...mailStates.map((value) => ({ value, name: t(`ops.mailState.${value}`) })),
          ]}
          onChoose={(chosen) =>
            void navigate({
              to: '/operations/mail',
              search: { state: chosen === '' ? undefined : chosen },
              replace: true,
            })
          }
        />
      </div>
      <Loaded query={query}>{({ pages }) => <MailList mails={pages.flatMap(({ items }) => items)} />}</Loaded>
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
  );
}

function MailList({ mails }: { readonly mails: readonly MailSummary[] }) {
  const now = useSeconds();
  if (mails.length === 0) {
    return (
      <PageState icon={<IconMail size={22} stroke={1.6} />} title={t('ops.noMails')} text={t('ops.noMailsText')} />
    );
  }
  return (
    <ul className={classes['rows']}>
      {mails.map((mail) => (
        <MailRow key={mail.id} mail={mail} now={now} />
      ))}
    </ul>
  );
}

function MailRow({ mail, now }: { readonly mail: MailSummary; readonly now: Date }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <li className={classes['row']}>
      <div className={classes['rowMain']}>
        <button
          type="button"
          className={classes['rowToggle']}
          aria-expanded={isOpen}
          onClick={() => setIsOpen((before) => !before)}
        >
          <Pill tone={tones[mail.state]}>{t(`ops.mailState.${mail.state}`)}</Pill>
          <b>{mail.subject}</b>
          <span data-quiet>{t('ops.mailTo', { address: mail.to })}</span>
          <span className={classes['space']} />
          <When instant={mail.createdAt} now={now} />
        </button>
        {mail.reason === 'no_smtp' && <p className={classes['muted']}>{t('ops.noSmtp')}</p>}
        {mail.errorCode !== null && (
          <p className={classes['errorText']}>
            <code>{mail.errorCode}</code> {mail.errorMessage}
          </p>
        )}
        {isOpen && <MailText mail={mail} />}
      </div>
    </li>
  );
}

function MailText({ mail: { id, jobId } }: { readonly mail: MailSummary }) {
  const query = useQuery(mailQuery(id));
  const resend = useChange(
    async () => {
      await call('POST /mails/{id}/resend', { params: { id } });
      notifyDone(t('ops.resent'));
    },
    mailsQuery(undefined).queryKey.slice(0, 2),
    mailQuery(id).queryKey,
  );
  return (
    <Loaded query={query}>
      {(mail) => (
        <>
          <pre className={classes['code']}>{mail.text}</pre>
          {mail.holdsSecret && <p className={classes['muted']}>{t('ops.secretMail')}</p>}
          <div className={classes['actions']}>
            <Button size="xs" variant="default" loading={resend.isPending} onClick={() => resend.mutate(undefined)}>
              {t('ops.resend')}
            </Button>
            {jobId !== null && (
              <Link to="/operations/jobs" search={{ job: jobId }} className={classes['link']}>
                {t('ops.sendingJob')}
              </Link>
            )}
          </div>
        </>
      )}
    </Loaded>
  );
}
