import { ApiError } from '../api/api-error.ts';
import { zhCN } from '../i18n/zh-CN.ts';

type Translate = (key: string, values?: Record<string, unknown>) => string;

/** Why something did not work, in the reader's language. */
export function errorWords(t: Translate, code: string): string {
  return code in zhCN.errors ? t(`errors.${code}`) : t('errors.unknown', { code });
}

/** The code of whatever was thrown. */
export function errorCode(error: unknown): string {
  return error instanceof ApiError ? error.code : 'unknown';
}
