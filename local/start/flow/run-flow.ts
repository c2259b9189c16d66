import { parseArgs } from 'node:util';
import type { DataDirectory } from '../data-directory.ts';
import { askSupervisor, NotRunningError } from '../supervisor/control-client.ts';
import type { ControlRequest } from '../supervisor/control-protocol.ts';
import { followLogs, listLogs, printLogs } from './logs.ts';
import { statusTable } from './status-table.ts';

const HELP = `Looks after a TaskFlow that "npm start" runs.

  npm run flow -- status [--json]         what runs, since when, how often it was restarted
  npm run flow -- logs [PROGRAM] [-f]     what programs wrote; -f goes on as they write
                        [-n LINES]        how many lines to begin with (default 50)
  npm run flow -- restart PROGRAM|all     restart and wait until it is ready again
  npm run flow -- stop PROGRAM            stop one program, the others go on
  npm run flow -- start PROGRAM           start a program and what it depends on
  npm run flow -- reload                  apply .taskflow/programs.json; only what changed is touched

Exit codes: 0 done and well, 1 something is not as it should be, 2 wrong usage, 3 TaskFlow is not running.
`;

/** What the command line may end with. */
export const EXIT = { ok: 0, problem: 1, usage: 2, notRunning: 3 } as const;

/** Where a command writes. */
export interface FlowOutput {
  readonly out: (text: string) => void;
  readonly problem: (text: string) => void;
}

/** Longest time a restart of everything may take, crash recovery included. */
const ANSWER_TIMEOUT_MS = 300_000;

/** Runs one `npm run flow` command; answers the exit code. */
export async function runFlow(args: readonly string[], data: DataDirectory, output: FlowOutput): Promise<number> {
  const parsed = parseCommandLine(args);
  if (typeof parsed === 'string') {
    output.problem(`${parsed}\n\n${HELP}`);
    return EXIT.usage;
  }
  const { values, command, program } = parsed;
  if (values.help === true || command === undefined) {
    output.out(HELP);
    return values.help === true ? EXIT.ok : EXIT.usage;
  }
  if (command === 'logs') {
    return showLogs(data, program, values, output);
  }
  const request = toRequest(command, program);
  if (typeof request === 'string') {
    output.problem(`${request}\n`);
    return EXIT.usage;
  }
  try {
    return await ask(request, data, values.json === true, output);
  } catch (error) {
    if (error instanceof NotRunningError) {
      output.problem(`TaskFlow is not running on ${data.root}. Start it with "npm start".\n`);
      return EXIT.notRunning;
    }
    output.problem(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.problem;
  }
}

interface CommandLine {
  readonly values: {
    help?: boolean | undefined;
    json?: boolean | undefined;
    follow?: boolean | undefined;
    lines?: string | undefined;
  };
  readonly command: string | undefined;
  readonly program: string | undefined;
}

function parseCommandLine(args: readonly string[]): CommandLine | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        json: { type: 'boolean' },
        follow: { type: 'boolean', short: 'f' },
        lines: { type: 'string', short: 'n' },
      },
    });
    const [command, program, ...surplus] = positionals;
    return surplus.length > 0 ? `What is "${surplus.join(' ')}"?` : { values, command, program };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function toRequest(command: string, program: string | undefined): ControlRequest | string {
  switch (command) {
    case 'status':
    case 'reload':
      return program === undefined ? { command } : `"${command}" takes no program.`;
    case 'start':
    case 'stop':
    case 'restart':
      return program === undefined ? `Which program? "npm run flow -- status" lists them.` : { command, program };
    default:
      return `There is no command "${command}". Commands: status, logs, restart, stop, start, reload.`;
  }
}

async function ask(request: ControlRequest, data: DataDirectory, asJson: boolean, output: FlowOutput): Promise<number> {
  const answer = await askSupervisor(data.socketPath, request, ANSWER_TIMEOUT_MS);
  if (asJson) {
    output.out(`${JSON.stringify(answer, undefined, 2)}\n`);
  } else if (request.command === 'status') {
    output.out(statusTable(answer.processes, new Date()));
  } else if (answer.ok) {
    output.out(`${answer.message}\n`);
  } else {
    output.problem(`${answer.message}\n`);
  }
  return answer.ok ? EXIT.ok : EXIT.problem;
}

async function showLogs(
  data: DataDirectory,
  program: string | undefined,
  values: CommandLine['values'],
  output: FlowOutput,
): Promise<number> {
  const lines = Number(values.lines ?? '50');
  if (!Number.isInteger(lines) || lines < 0) {
    output.problem('-n takes a whole number of lines.\n');
    return EXIT.usage;
  }
  const all = await listLogs(data.logs);
  const chosen = program === undefined ? all : all.filter((log) => log.program === program || log.id === program);
  if (chosen.length === 0) {
    const known = [...new Set(all.map((log) => log.id))].join(', ');
    const hint = known === '' ? 'Nothing has been started yet.' : `There are logs of: ${known}.`;
    output.problem(`${program === undefined ? 'There are no logs.' : `There are no logs of "${program}".`} ${hint}\n`);
    return EXIT.problem;
  }
  const positions = await printLogs(chosen, lines, output.out);
  if (values.follow === true) {
    await followLogs(chosen, positions, output.out);
  }
  return EXIT.ok;
}
