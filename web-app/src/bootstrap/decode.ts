import type { z } from 'zod';
import { BootstrapError } from './bootstrap-error.ts';
import { bootstrapSchema } from './schema.ts';
import type { BootstrapBusiness, BootstrapFile } from './schema.ts';

const NUL = String.fromCharCode(0);

/**
 * The file's text as what it says.
 * @throws BootstrapError with a line for each fault, which names the field by its path
 */
export function decodeBootstrap(text: string): BootstrapFile {
  const result = bootstrapSchema.safeParse(parseJson(text));
  if (!result.success) throw new BootstrapError(result.error.issues.flatMap(describe));
  const doubles = result.data.businesses.flatMap(describeDoubles);
  const slugs = doublesAmong(result.data.businesses, 'businesses', 'business_id', (business) => business.business_id);
  const names = result.data.businesses.flatMap((business, at) =>
    (business.agents ?? []).map((agent, index) => ({
      path: `businesses[${at}].agents[${index}].user_name`,
      key: agent.user_name.toLowerCase(),
    })),
  );
  const faults = [...doubles, ...slugs, ...doublesIn(names)];
  if (faults.length > 0) throw new BootstrapError(faults);
  return result.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) => {
      if (key.includes(NUL) || (typeof value === 'string' && value.includes(NUL))) {
        throw new BootstrapError([`${JSON.stringify(key)}: a text with a zero character cannot be stored`]);
      }
      return value;
    });
  } catch (error) {
    if (error instanceof SyntaxError) throw new BootstrapError([`It is not valid JSON: ${error.message}`]);
    throw error;
  }
}

function describe(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${pathOf([...issue.path, key])}: unknown field`);
  }
  return [`${pathOf(issue.path)}: ${issue.message}`];
}

function pathOf(path: readonly PropertyKey[]): string {
  const joined = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return joined === '' ? 'the file' : joined.replace(/^\./, '');
}

/** Things are found again by their keys, so none may stand twice in the file. */
function describeDoubles(business: BootstrapBusiness, at: number): string[] {
  const path = `businesses[${at}]`;
  return [
    ...doublesAmong(business.teams ?? [], `${path}.teams`, 'team_id', (team) => String(team.team_id)),
    ...doublesAmong(business.users ?? [], `${path}.users`, 'uid', (user) => user.uid),
    ...doublesAmong(business.clients ?? [], `${path}.clients`, 'login_name', (client) =>
      client.login_name.toLowerCase(),
    ),
    ...doublesAmong(business.questions ?? [], `${path}.questions`, 'question', (faq) => faq.question),
  ];
}

function doublesAmong<T>(items: readonly T[], path: string, field: string, keyOf: (item: T) => string): string[] {
  return doublesIn(items.map((item, index) => ({ path: `${path}[${index}].${field}`, key: keyOf(item) })));
}

function doublesIn(entries: readonly { path: string; key: string }[]): string[] {
  const first = new Map<string, string>();
  return entries.flatMap(({ path, key }) => {
    const before = first.get(key);
    first.set(key, before ?? path);
    return before === undefined ? [] : [`${path}: the same as ${before}`];
  });
}
