import { Button, Loader } from '@mantine/core';
import type { Delivery } from '@taskflow/contract/webhooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { StateBadge } from '../../components/state-badge.tsx';
import { call } from '../../lib/api/client.ts';
import { problemText } from '../../lib/api/problem-text.ts';
import { formatAgo, formatExact } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { deliveriesQuery } from '../../lib/queries/webhooks.ts';
import { useChange } from '../../lib/use-change.ts';
import { useNow } from '../../lib/use-now.ts';
import classes from './webhooks.module.css';

const tones = { waiting: 'idle', running: 'busy', kept: 'warning', delivered: 'good', failed: 'bad' } as const;

/** The newest messages to an endpoint, with what it answered. */
export function WebhookDeliveries({ webhookId }: { readonly webhookId: string }) {
  const { data, error, isPending } = useQuery(deliveriesQuery(webhookId));
  if (isPending) return <Loader size="xs" m={12} />;
  if (error !== null) return <p role="alert">{problemText(error)}</p>;
  if (data.length === 0) return <p className={classes['empty']}>{t('webhook.noDeliveries')}</p>;
  return (
    <ul className={classes['deliveries']} aria-label={t('webhook.deliveries')}>
      {data.map((delivery) => (
        <DeliveryRow key={delivery.id} delivery={delivery} />
      ))}
    </ul>
  );
}

function DeliveryRow({ delivery }: { readonly delivery: Delivery }) {
  const now = useNow();
  const [isOpen, setIsOpen] = useState(false);
  const redeliver = useChange(
    () => call('POST /deliveries/{id}/redeliver', { params: { id: delivery.id } }),
    deliveriesQuery(delivery.webhookId).queryKey,
  );
  return (
    <li>
      <div className={classes['delivery']}>
        <button type="button" aria-expanded={isOpen} onClick={() => setIsOpen((before) => !before)}>
          <StateBadge tone={tones[delivery.state]}>{t(`webhook.delivery.${delivery.state}`)}</StateBadge>
          <code>{delivery.eventType}</code>
          <time dateTime={delivery.createdAt} title={formatExact(delivery.createdAt)}>
            {formatAgo(delivery.createdAt, now)}
          </time>
          <span>{outcomeOf(delivery)}</span>
        </button>
        <Button
          size="compact-xs"
          variant="subtle"
          loading={redeliver.isPending}
          onClick={() => redeliver.mutate(undefined)}
        >
          {t('webhook.redeliver')}
        </Button>
      </div>
      {isOpen && (
        <div className={classes['exchange']}>
          <span>{t('webhook.request', { id: delivery.messageId })}</span>
          <pre>{delivery.requestBody}</pre>
          {delivery.responseBody !== null && (
            <>
              <span>{t('webhook.response')}</span>
              <pre>{delivery.responseBody}</pre>
            </>
          )}
        </div>
      )}
    </li>
  );
}

function outcomeOf({ attempts, errorCode, responseStatus, durationMs }: Delivery): string {
  if (attempts === 0) return '';
  const answer = errorCode ?? String(responseStatus);
  const duration = durationMs === null ? '' : ` · ${Math.round(durationMs)} ms`;
  return `${answer}${duration} · ${t('webhook.attempts', { count: attempts })}`;
}
