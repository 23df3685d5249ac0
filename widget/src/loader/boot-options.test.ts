// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { nobody } from '../bridge/messages.ts';
import { readAnchor } from '../legacy/anchor.ts';
import { originOf, readBoot, readIdentity, readScript } from './boot-options.ts';

const SERVER = 'https://kefu.example';

function element(html: string): HTMLElement {
  const template = document.createElement('template');
  template.innerHTML = html;
  return template.content.firstElementChild as HTMLElement;
}

describe('boot by command', () => {
  it('takes what the site says', () => {
    const fields = {
      business_id: 'acme',
      locale: 'en',
      team: 3,
      id: 7,
      name: ' 张三 ',
      host: 'https://chat.example/x',
    };
    expect(readBoot(fields, SERVER)).toEqual({
      business: 'acme',
      host: 'https://chat.example',
      locale: 'en',
      theme: '',
      team: 3,
      identity: { ...nobody, id: '7', name: '张三' },
      consent: '',
      product: undefined,
      legacy: false,
    });
  });

  it.each([[undefined], [null], ['acme'], [42], [[]], [{ business_id: { toString: () => 'acme' } }]])(
    'takes %j for no business at all',
    (fields) => {
      expect(readBoot(fields, SERVER).business).toBe('');
    },
  );

  it('never takes a host that is no web address', () => {
    expect(readBoot({ host: 'javascript:alert(1)' }, SERVER).host).toBe(SERVER);
    expect(originOf('//evil.example')).toBe('');
    expect(originOf('http://')).toBe('');
  });

  it('keeps what identify does not mention', () => {
    const before = readIdentity({ id: 'u-5', name: 'Ann', hash: 'ff' });
    expect(readIdentity({ name: 'Bea' }, before)).toEqual({ ...nobody, id: 'u-5', name: 'Bea', hash: 'ff' });
  });
});

describe('boot by attributes of the script', () => {
  it('reads data-*', () => {
    const script = element(
      `<script data-business-id="acme" data-theme="dark" data-id="u-5" data-hash="ff" data-consent="ask" data-email="a@b.c"></script>`,
    ) as HTMLScriptElement;
    expect(readScript(script, SERVER)).toMatchObject({
      business: 'acme',
      host: SERVER,
      theme: 'dark',
      identity: { id: 'u-5', hash: 'ff', email: 'a@b.c' },
      consent: 'ask',
    });
  });

  it('is no boot without a business', () => {
    expect(readScript(element('<script data-theme="dark"></script>') as HTMLScriptElement, SERVER)).toBeNull();
  });
});

describe("boot by WoLive's anchor", () => {
  const anchor = (attributes: string) => element(`<a ${attributes} id='workerman-kefu'></a>`);

  it('reads the documented attributes', () => {
    const full = anchor(
      `href='https://old.example' visiter_id='vip-7' visiter_name='张三' avatar='/a.png' business_id='acme' product='{"pid":"7"}'`,
    );
    expect(readAnchor(full, '')).toEqual({
      business: 'acme',
      host: 'https://old.example',
      locale: '',
      theme: '',
      team: 0,
      identity: { ...nobody, id: 'vip-7', name: '张三', avatar: '/a.png' },
      consent: '',
      product: '{"pid":"7"}',
      legacy: true,
    });
  });

  it('gives empty attributes their defaults', () => {
    const empty = anchor(`href='${SERVER}' visiter_id='' visiter_name='' avatar='' business_id=''`);
    expect(readAnchor(empty, '')).toMatchObject({
      business: 'admin',
      host: SERVER,
      identity: nobody,
    });
  });

  it("asks the server that the script came from before the anchor's", () => {
    expect(readAnchor(anchor(`href='https://old.example' business_id='acme'`), SERVER).host).toBe(SERVER);
    expect(readAnchor(anchor(`href='你的域名' business_id='acme'`), '').host).toBe('');
  });
});
