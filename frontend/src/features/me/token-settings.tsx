import { ActionIcon, Button, Checkbox, Group, TextInput } from '@mantine/core';
import type { TokenScope } from '@taskflow/contract/http';
import { IconKey, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { Choice, Secret, SettingsRow, SettingsSection, settingsClasses } from '../../components/settings/settings.tsx';
import { call } from '../../lib/api/client.ts';
import { addDays } from '../../lib/dates/day.ts';
import { formatAgo } from '../../lib/dates/format.ts';
import { t } from '../../lib/messages/translate.ts';
import { tokensQuery } from '../../lib/queries/me.ts';
import { useChange } from '../../lib/use-change.ts';
import { useNow } from '../../lib/use-now.ts';

const scopes: readonly TokenScope[] = ['read', 'write', 'admin'];
const lifetimes = ['30', '90', '365', 'never'] as const;

/** Personal API tokens. */
export function TokenSettings() {
  const now = useNow();
  const { data: tokens = [] } = useQuery(tokensQuery);
  const [value, setValue] = useState<string>();
  const revoke = useChange((id: string) => call('DELETE /me/tokens/{id}', { params: { id } }), tokensQuery.queryKey);
  return (
    <SettingsSection title={t('me.tokens')} lead={t('me.tokensLead')}>
      <NewToken onMade={setValue} />
      {value !== undefined && (
        <Secret label={t('me.tokenValue')} hint={t('me.tokenOnce')} value={value} copyLabel={t('common.copy')} />
      )}
      <ul>
        {tokens.map((token) => (
          <SettingsRow
            key={token.id}
            icon={<IconKey size={18} stroke={1.6} color="var(--text-3)" />}
            name={token.name}
            note={[
              token.scopes.map((scope) => t(`scope.${scope}`)).join(', '),
              token.lastUsedAt === null
                ? t('me.neverUsed')
                : t('me.lastUsed', { when: formatAgo(token.lastUsedAt, now) }),
              ...(token.expiresAt === null ? [] : [t('invitation.expires', { when: formatAgo(token.expiresAt, now) })]),
            ].join(' · ')}
          >
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('me.revokeToken', { name: token.name })}
              onClick={() => revoke.mutate(token.id)}
            >
              <IconX size={16} />
            </ActionIcon>
          </SettingsRow>
        ))}
      </ul>
    </SettingsSection>
  );
}

function isScope(text: string): text is TokenScope {
  return scopes.some((scope) => scope === text);
}

function NewToken({ onMade }: { readonly onMade: (value: string) => void }) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<TokenScope[]>(['read']);
  const [lifetime, setLifetime] = useState<(typeof lifetimes)[number]>('90');
  const create = useChange(async () => {
    const expiresAt = lifetime === 'never' ? null : addDays(new Date(), Number(lifetime)).toISOString();
    onMade((await call('POST /me/tokens', { body: { name, scopes: chosen, expiresAt } })).value);
  }, tokensQuery.queryKey);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (name.trim() !== '' && chosen.length > 0) create.mutate(undefined, { onSuccess: () => setName('') });
  };
  return (
    <form className={settingsClasses.foot} onSubmit={submit}>
      <TextInput
        className={settingsClasses.grow}
        label={t('me.tokenName')}
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Checkbox.Group
        label={t('me.tokenScopes')}
        value={chosen}
        onChange={(values) => setChosen(values.filter((scope) => isScope(scope)))}
      >
        <Group h={36} gap={12}>
          {scopes.map((scope) => (
            <Checkbox key={scope} value={scope} label={t(`scope.${scope}`)} />
          ))}
        </Group>
      </Checkbox.Group>
      <Choice
        label={t('me.tokenExpiry')}
        style={{ height: 36 }}
        value={lifetime}
        options={lifetimes.map((value) => ({
          value,
          name: value === 'never' ? t('me.tokenNever') : t('me.tokenDays', { count: Number(value) }),
        }))}
        onChoose={setLifetime}
      />
      <Button type="submit" loading={create.isPending}>
        {t('me.createToken')}
      </Button>
    </form>
  );
}
