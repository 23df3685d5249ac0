import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hmacSha256Hex } from '../protocol/signature.ts';
import { appSchema, judgeSignature, prepareApp } from './app.ts';
import { parseApps } from './apps-file.ts';
import { APP_COLUMNS } from './database-apps-rows.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const page = readFileSync(join(root, 'docs', 'configuration.md'), 'utf8');
const required = { id: 'app-id', key: 'app-key', secret: 'app-secret' };

describe('an app', () => {
  it('A1: has the fields and the defaults that the documentation shows', () => {
    const [, json = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
    const shown = z.looseObject({ webhooks: z.array(z.unknown()) }).parse(JSON.parse(json));
    expect({ ...shown, webhooks: [] }).toEqual(appSchema.parse(required));
    expect(parseApps(`[${json}]`)[0]?.webhooks).toEqual(shown.webhooks);
  });

  it('A5: has the columns that the documentation names, one for each field', () => {
    for (const column of APP_COLUMNS) expect(page).toContain(`\`${column}\``);
    expect(APP_COLUMNS).toHaveLength(Object.keys(appSchema.parse(required)).length);
  });

  it('A6: takes either of two secrets for one key, and no key that is not its own', () => {
    const app = prepareApp(appSchema.parse({ ...required, previousKey: 'app-key', previousSecret: 'old' }));
    const asked: string[] = [];
    const verdictOn = (key: string, good: string) =>
      judgeSignature(app, key, ({ secret }) => {
        const signature = secret.sign('text');
        asked.push(signature);
        return signature === hmacSha256Hex(good, 'text');
      });
    expect(verdictOn('app-key', 'app-secret')).toBe('good');
    expect(verdictOn('app-key', 'old')).toBe('good');
    expect(verdictOn('app-key', 'other')).toBe('bad');
    expect(verdictOn('other', 'old')).toBe('unknown-key');
    const secrets = ['app-secret', 'app-secret', 'old', 'app-secret', 'old'];
    expect(asked).toEqual(secrets.map((secret) => hmacSha256Hex(secret, 'text')));
  });
});
