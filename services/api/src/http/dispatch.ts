import type { IncomingMessage, ServerResponse } from 'node:http';
import { routes } from '@taskflow/contract/api';
import type { RouteContract } from '@taskflow/contract/http';
import { type AccessResolver, DomainError, type UnitOfWorkRunner } from '@taskflow/domain';
import { emptyBody, readJsonBody } from './body.ts';
import { versionFromIfMatch } from './conditional.ts';
import { credentialFrom } from './credential.ts';
import { refuseCrossSite } from './cross-site.ts';
import type { AnyRequest, Endpoint } from './endpoint.ts';
import { answerGivenBefore, idempotentWrite, keepReply, runOnce } from './idempotency.ts';
import { type Limiters, spend } from './limits.ts';
import { page, type Reply } from './reply.ts';
import { resolveAccess, resolveReading } from './resolve-access.ts';
import { parseRequest } from './validate.ts';

/** What a request needs on its way. */
export interface DispatchOptions {
  readonly units: UnitOfWorkRunner;
  readonly access: AccessResolver;
  readonly limiters: Limiters;
  readonly publicOrigin: string;
  readonly cookieName: string;
  readonly onLimited: (limit: string) => void;
}

/** A request whose endpoint is known. */
export interface Incoming {
  readonly endpoint: Endpoint;
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: unknown;
  readonly ip: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Told who calls, as soon as that is known. */
  readonly onAccess: (access: AnyRequest['access']) => void;
}

/**
 * The way of every request: cross-site, limit, session, validation, handler. Answers nothing when the endpoint took
 * the response over.
 */
export async function dispatch(options: DispatchOptions, incoming: Incoming): Promise<Reply | undefined> {
  const { endpoint, method, request } = incoming;
  const { headers } = request;
  const contract: RouteContract = routes[endpoint.key];
  refuseCrossSite(method, headers, options.publicOrigin);
  const credential = credentialFrom(headers, options.cookieName);
  const isWrite = endpoint.kind === 'write' || endpoint.kind === 'act';
  const key = credential?.hash.toString('base64') ?? incoming.ip;
  await spend(options.limiters, { isWrite, key, ip: incoming.ip, special: endpoint.limit }, options.onLimited);

  const unresolved = { params: incoming.params, query: incoming.query, credential };
  const find = async (target: Endpoint['target']) => {
    const found = await resolveAccess(options.access, { target }, contract, unresolved);
    incoming.onAccess(found);
    return found;
  };
  if (endpoint.kind === 'list') {
    return readList(options, incoming, endpoint, { ...unresolved, body: undefined }, () => find(endpoint.target));
  }
  const readBody = async () => (contract.body === undefined ? emptyBody : readJsonBody(request));
  const writeOf = (caller: AnyRequest['access'], body: Buffer) =>
    isWrite
      ? idempotentWrite(contract, {
          key: headers['idempotency-key'],
          userId: caller?.caller.userId,
          method,
          path: incoming.path,
          query: incoming.query,
          body,
        })
      : undefined;

  let access: AnyRequest['access'];
  try {
    access = await find(endpoint.target);
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'not_found') || headers['idempotency-key'] === undefined) {
      throw error;
    }
    const write = writeOf(await find('caller'), (await readBody()).bytes);
    const given = write && (await answerGivenBefore(options.units.database, write));
    if (given === undefined) {
      throw error;
    }
    return given;
  }

  const body = await readBody();
  const parsed = parseRequest(contract, { params: incoming.params, query: incoming.query, body: body.json });
  const facts: AnyRequest = {
    ...parsed,
    access,
    credential,
    ifMatch: isWrite && changesOne(contract) ? versionFromIfMatch(headers['if-match']) : undefined,
    ip: incoming.ip,
    userAgent: headers['user-agent']?.slice(0, 300) ?? '',
    headers,
  };
  return handle(options, incoming, endpoint, facts, writeOf(access, body.bytes));
}

/** @param find looks the rights up by themselves; throws where there are none */
async function readList(
  { access: resolver }: DispatchOptions,
  { onAccess }: Incoming,
  endpoint: Extract<Endpoint, { kind: 'list' }>,
  request: Pick<AnyRequest, 'params' | 'query' | 'body' | 'credential'>,
  find: () => Promise<unknown>,
): Promise<Reply> {
  const contract: RouteContract = routes[endpoint.key];
  let reading: ReturnType<typeof endpoint.reading>;
  try {
    reading = endpoint.reading(parseRequest(contract, request));
  } catch (error) {
    // what is wrong with a request is told to who sees what it is about, and to nobody else
    await find();
    throw error;
  }
  const { access, result } = await resolveReading(resolver, contract, request, reading);
  onAccess(access);
  return page(result);
}

/** Whether there is a version to be held against: not where something new is made. */
const changesOne = ({ versioned, success }: RouteContract): boolean => versioned === true && success.status !== 201;

async function handle(
  { units }: DispatchOptions,
  { request, response }: Incoming,
  endpoint: Exclude<Endpoint, { kind: 'list' }>,
  facts: AnyRequest,
  idempotency: ReturnType<typeof idempotentWrite>,
): Promise<Reply | undefined> {
  switch (endpoint.kind) {
    case 'read':
      return endpoint.handle(facts);
    case 'stream':
      await endpoint.handle({ ...facts, incoming: request, response });
      return undefined;
    case 'act': {
      const run = () => endpoint.handle({ ...facts, idempotency });
      return idempotency === undefined ? run() : runOnce(units.database, idempotency, run, { lookFirst: false });
    }
    case 'write': {
      const run = () =>
        units.run(async (unit) => {
          const reply = await endpoint.handle({ ...facts, unit });
          if (idempotency !== undefined) {
            await keepReply(unit, idempotency, reply);
          }
          return reply;
        });
      return idempotency === undefined ? run() : runOnce(units.database, idempotency, run, { lookFirst: true });
    }
  }
}
