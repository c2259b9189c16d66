import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createAddressPolicy } from './address-policy.ts';
import { createOutboundHttp, type OutboundHttpOptions } from './outbound-http.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server on loopback; answers its port. */
async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const loopback = createAddressPolicy(['127.0.0.0/8']);

function post(url: string, more: Partial<OutboundHttpOptions> = {}, signal = new AbortController().signal) {
  const http = createOutboundHttp({
    policy: loopback,
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    timeoutMs: 5_000,
    maxBodyBytes: 64 * 1_024,
    maxRedirects: 3,
    ...more,
  });
  return http.post({ url, headers: { 'x-test': 'yes' }, body: '{"a":"ü"}', signal });
}

describe('an address policy', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '::1',
    '::',
    'fe80::1',
    'fd00:ec2::254',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    // IPv4 in the last 32 bits (deprecated by RFC 4291), and space that nobody was given
    '::7f00:1',
    '::a9fe:a9fe',
    '200::1',
    '4000::1',
    '8000::1',
    '64:ff9b:1::a00:1',
    // what stands behind a virtual machine of Azure
    '168.63.129.16',
    '::ffff:168.63.129.16',
    'fe80::1%eth0',
    '2606:2800:220:1::1%eth0',
    'localhost',
    '',
  ])('refuses %s', (address) => {
    expect(createAddressPolicy([]).allows(address)).toBe(false);
  });

  it.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'])('allows %s', (address) => {
    expect(createAddressPolicy([]).allows(address)).toBe(true);
  });

  it('allows what an operator lists, also wrapped in IPv6, and nothing beside it', () => {
    const policy = createAddressPolicy(['10.0.0.0/24', 'fd00::/64']);
    expect(['10.0.0.7', '::ffff:10.0.0.7', 'fd00::1'].map((address) => policy.allows(address))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['10.0.1.7', 'fd01::1', '127.0.0.1'].map((address) => policy.allows(address))).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('outbound http', () => {
  it('posts the body to the address that was checked, under the name of the host', async () => {
    const seen: unknown[] = [];
    const port = await listen((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        seen.push([request.method, request.headers.host, request.headers['x-test'], body]);
        response.writeHead(202, { 'retry-after': '7' }).end('taken');
      });
    });
    const response = await post(`http://hooks.example:${port}/path`);
    expect(response).toEqual({ status: 202, retryAfter: '7', body: 'taken' });
    expect(seen).toEqual([['POST', `hooks.example:${port}`, 'yes', '{"a":"ü"}']]);
  });

  it.each(['http://127.0.0.1:1/', 'http://[::1]:1/', 'http://2130706433:1/', 'http://0x7f.1:1/'])(
    'refuses the address %s without a connection',
    async (url) => {
      await expect(post(url, { policy: createAddressPolicy([]) })).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
    },
  );

  it('refuses a name of which any address is refused', async () => {
    const resolve = async () => [
      { address: '127.0.0.1', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ];
    await expect(post('http://mixed.example/', { resolve })).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
  });

  it('asks for the address once, so that a second answer of DNS changes nothing', async () => {
    let asked = 0;
    const port = await listen((_, response) => response.end('first'));
    const resolve = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }];
    };
    expect(await post(`http://rebind.example:${port}/`, { resolve })).toMatchObject({ body: 'first' });
    expect(asked).toBe(1);
  });

  it('follows a redirect that keeps the POST, and checks where it leads', async () => {
    const port = await listen((request, response) => {
      if (request.url === '/old') {
        response.writeHead(307, { location: '/new' }).end();
      } else if (request.url === '/inside') {
        response.writeHead(308, { location: 'http://169.254.169.254/latest/meta-data' }).end();
      } else {
        response.end(`${request.method} ${request.url}`);
      }
    });
    expect(await post(`http://hooks.example:${port}/old`)).toMatchObject({ status: 200, body: 'POST /new' });
    await expect(post(`http://hooks.example:${port}/inside`)).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
  });

  it('does not follow others, nor in circles, nor away from http', async () => {
    const port = await listen((request, response) => {
      const location = request.url === '/file' ? 'file:///etc/passwd' : '/again';
      response.writeHead(request.url === '/moved' ? 302 : 307, { location }).end();
    });
    expect(await post(`http://hooks.example:${port}/moved`)).toMatchObject({ status: 302 });
    await expect(post(`http://hooks.example:${port}/again`)).rejects.toMatchObject({ code: 'TOO_MANY_REDIRECTS' });
    await expect(post(`http://hooks.example:${port}/file`)).rejects.toMatchObject({ code: 'REDIRECT_REFUSED' });
  });

  it('reads only the beginning of an endless answer', async () => {
    const port = await listen((_, response) => {
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384))) {
          // until the pipe is full
        }
      };
      response.on('drain', write);
      write();
    });
    const { body } = await post(`http://hooks.example:${port}/`, { maxBodyBytes: 1_000 });
    expect(body).toBe('x'.repeat(1_000));
  });

  it('gives up one that never answers, and one that trickles', async () => {
    const silent = await listen(() => undefined);
    await expect(post(`http://hooks.example:${silent}/`, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
    const trickling = await listen((_, response) => {
      response.write('.');
    });
    await expect(post(`http://hooks.example:${trickling}/`, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
  });

  it('gives up a name that DNS never answers', async () => {
    const resolve = () => new Promise<never>(() => undefined);
    await expect(post('http://silent.example/', { resolve, timeoutMs: 50 })).rejects.toMatchObject({ code: 'TIMEOUT' });
    const controller = new AbortController();
    const sent = post('http://silent.example/', { resolve }, controller.signal);
    controller.abort(new Error('canceled'));
    await expect(sent).rejects.toThrow('canceled');
  });

  it('takes a change of protocol for no answer', async () => {
    const port = await listen((request) =>
      request.socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nhi'),
    );
    await expect(post(`http://hooks.example:${port}/`)).rejects.toMatchObject({ code: 'UPGRADE_REFUSED' });
  });

  it('goes to the next address that was checked when nobody listens at the first', async () => {
    const port = await listen((_, response) => response.end('second'));
    const resolve = async () => [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ];
    const policy = createAddressPolicy(['127.0.0.0/8', '::1/128']);
    expect(await post(`http://hooks.example:${port}/`, { resolve, policy })).toMatchObject({ body: 'second' });
  });

  it('ends with the reason of the signal', async () => {
    const port = await listen(() => controller.abort(new Error('canceled')));
    const controller = new AbortController();
    await expect(post(`http://hooks.example:${port}/`, {}, controller.signal)).rejects.toThrow('canceled');
  });

  it('names the failure of a connection', async () => {
    const port = await listen((request) => request.socket.destroy());
    await expect(post(`http://hooks.example:${port}/`)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(post('http://hooks.example:1/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const resolve = async () => {
      throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
    };
    await expect(post('http://nowhere.example/', { resolve })).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });
});
