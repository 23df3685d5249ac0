/** What a person is told when everything runs. */
export interface Announcement {
  /** Without a slash at the end. */
  readonly webUrl: string;
  readonly realtimeEndpoint: string;
  /** The administrator that the very first run made; the password is shown this once. */
  readonly firstRun: { readonly userName: string; readonly password: string } | undefined;
  /** Lets somebody into the installation in the browser, until it is done or an agent has signed in. */
  readonly installCode: string | undefined;
}

export function announcement({ webUrl, realtimeEndpoint, firstRun, installCode }: Announcement): string {
  const lines = [
    '',
    'OpenKefu is ready. OpenKefu 已启动。',
    `  Demo page / 演示页面:          ${webUrl}/demo`,
    `  Agent console / 客服工作台:    ${webUrl}/console/`,
    `  Realtime endpoint / 实时服务:  ${realtimeEndpoint}`,
  ];
  if (firstRun !== undefined) {
    lines.push(
      '',
      'The administrator, shown only this once. 管理员账号，仅显示这一次。',
      `  Name / 用户名:    ${firstRun.userName}`,
      `  Password / 密码:  ${firstRun.password}`,
    );
  }
  if (installCode !== undefined) {
    lines.push(
      '',
      'Install in the browser, with a name, password and business of your own. 在浏览器里安装，自己设定用户名、密码和商家：',
      `  ${webUrl}/install?code=${installCode}`,
    );
  }
  return `${[...lines, '', 'Ctrl-C stops everything. 按 Ctrl-C 停止。'].join('\n')}\n`;
}
