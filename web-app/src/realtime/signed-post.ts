import http from 'node:http';
import https from 'node:https';

export interface PostTarget {
  scheme: 'http' | 'https';
  host: string;
  port: number;
  agent: http.Agent;
  timeoutMs: number;
}

/**
 * Posts JSON over a kept connection and reads the whole answer, after which the connection is free for the next.
 * @throws when there is no answer in time, with the network's `code` where there is one
 */
export function postJson(
  { scheme, timeoutMs, ...target }: PostTarget,
  path: string,
  body: string,
): Promise<{ status: number; text: string }> {
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const { request } = scheme === 'https' ? https : http;
  return new Promise((resolve, reject) => {
    const posting = request({ ...target, path, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    const timer = setTimeout(() => posting.destroy(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    posting.on('error', reject);
    posting.on('close', () => clearTimeout(timer));
    posting.end(body);
  });
}
