import { describe, expect, it } from 'vitest';
import {
  channelAuth,
  equalConstantTime,
  hmacSha256Hex,
  isWebhookSignature,
  md5Hex,
  requestSigningText,
  userAuth,
  webhookSignature,
} from './signature.ts';

/** The worked examples of the protocol's own documents. */
const documented = { key: '278d425bdf160c739803', secret: '7ad3773142a6692b25b8' };

describe('signatures', () => {
  it('S3: signs a private channel as documented', () => {
    expect(channelAuth(documented, '1234.1234', 'private-foobar')).toBe(
      '278d425bdf160c739803:58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4',
    );
  });

  it('S3: signs channel data byte for byte', () => {
    const data = '{"user_id":10,"user_info":{"name":"Mr. Channels"}}';
    expect(channelAuth(documented, '1234.1234', 'presence-foobar', data)).toBe(
      '278d425bdf160c739803:31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80',
    );
  });

  it('U1: signs a sign-in as documented', () => {
    expect(userAuth(documented, '1234.1234', '{"id":"12345"}')).toBe(
      '278d425bdf160c739803:4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba',
    );
  });

  it('H3, H6: signs a request as documented', () => {
    const body = '{"name":"foo","channels":["project-3"],"data":"{\\"some\\":\\"data\\"}"}';
    expect(md5Hex(body)).toBe('ec365a775a4cd0599faeb73354201b6f');
    const text = requestSigningText('POST', '/apps/3/events', [
      ['auth_version', '1.0'],
      ['body_md5', 'ec365a775a4cd0599faeb73354201b6f'],
      ['auth_timestamp', '1353088179'],
      ['AUTH_KEY', '278d425bdf160c739803'],
      ['auth_signature', 'left out'],
    ]);
    expect(hmacSha256Hex(documented.secret, text)).toBe(
      'da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c',
    );
  });

  it('W1: a webhook signature holds for its bytes alone', () => {
    const signature = webhookSignature('secret', '{"a":1}');
    expect(isWebhookSignature('secret', '{"a":1}', signature)).toBe(true);
    expect(isWebhookSignature('secret', '{"a":1} ', signature)).toBe(false);
    expect(isWebhookSignature('other', '{"a":1}', signature)).toBe(false);
    expect(isWebhookSignature('secret', '{"a":1}', '')).toBe(false);
  });

  it('compares texts of any length', () => {
    expect(equalConstantTime('same', 'same')).toBe(true);
    expect(equalConstantTime('same', 'sama')).toBe(false);
    expect(equalConstantTime('same', 'samesame')).toBe(false);
    expect(equalConstantTime('ü', 'u')).toBe(false);
  });
});
