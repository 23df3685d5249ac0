// @vitest-environment jsdom
import { flushPromises, mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/api-error.ts';
import { createFakeConsoleServer } from '../composables/fake-console-server.ts';
import { PAGE_CONTEXT } from '../composables/page-context.ts';
import { createSession } from '../composables/session.ts';
import { i18n } from '../i18n/i18n.ts';
import SignInPage from './SignInPage.vue';

function open(answer: () => Promise<void>) {
  i18n.global.locale.value = 'en';
  const { api } = createFakeConsoleServer();
  const session = createSession({ ...api, signIn: answer });
  const page = mount(SignInPage, {
    attachTo: document.body,
    global: { plugins: [i18n], provide: { [PAGE_CONTEXT as symbol]: { api, session, watchReachability: () => {} } } },
  });
  return {
    page,
    session,
    submit: async (userName: string, password: string) => {
      await page.get('[name=userName]').setValue(userName);
      await page.get('[name=password]').setValue(password);
      await page.get('form').trigger('submit');
      await flushPromises();
    },
    problem: () => page.find('[data-testid=sign-in-problem]').text(),
  };
}

const refuse = (error: ApiError) => () => Promise.reject(error);

describe('the sign-in page', () => {
  it('signs in', async () => {
    const { page, session, submit } = open(() => Promise.resolve());
    await submit(' alice ', 'secret');
    expect(session.state.value).toMatchObject({ kind: 'signed-in', me: { userName: 'alice' } });
    page.unmount();
  });

  it('asks beside the fields for what is missing, and asks the server nothing', async () => {
    let asked = 0;
    const { page, submit } = open(() => Promise.resolve(void (asked += 1)));
    await submit('', '');
    expect(page.text()).toContain('Enter your user name');
    expect(page.text()).toContain('Enter your password');
    expect(document.activeElement).toBe(page.get('[name=userName]').element);
    expect(asked).toBe(0);
    page.unmount();
  });

  it('says one and the same of a wrong name and a wrong password, and keeps the name', async () => {
    const { page, submit, problem } = open(refuse(new ApiError(401, 'unauthorized', 'wrong')));
    await submit('alice', 'nope');
    expect(problem()).toBe('The user name or the password is not right.');
    expect(page.get<HTMLInputElement>('[name=userName]').element.value).toBe('alice');
    expect(page.get<HTMLInputElement>('[name=password]').element.value).toBe('');
    expect(document.activeElement).toBe(page.get('[name=password]').element);
    page.unmount();
  });

  it('says for how long it is locked', async () => {
    const { page, submit, problem } = open(refuse(new ApiError(429, 'rate_limited', 'locked', 840)));
    await submit('alice', 'nope');
    expect(problem()).toContain('14 min');
    page.unmount();
  });

  it('tells an unreachable server from a wrong password, and keeps the password', async () => {
    const { page, submit, problem } = open(refuse(new ApiError(0, 'unreachable', 'no answer')));
    await submit('alice', 'secret');
    expect(problem()).toContain('cannot be reached');
    expect(page.get<HTMLInputElement>('[name=password]').element.value).toBe('secret');
    page.unmount();
  });
});
