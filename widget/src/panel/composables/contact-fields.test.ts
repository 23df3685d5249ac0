import { expect, it } from 'vitest';
import { isFilled } from './contact-fields.ts';

it.each([
  ['name', '王小明', true],
  ['name', '  ', false],
  ['email', 'name@example.com', true],
  ['email', ' 名字@例子.公司 ', true],
  ['email', 'name@', false],
  ['email', 'name at example', false],
  ['phone', '+86 138-0000-0000', true],
  ['phone', '(020) 123', false],
  ['phone', '95588', true],
  ['phone', 'call me', false],
] as const)('%s %j is filled in: %s', (field, value, filled) => {
  expect(isFilled(field, value)).toBe(filled);
});
