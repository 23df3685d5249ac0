/** The words of the installation. `{name}` stands for what is put there. */
export interface InstallTexts {
  lang: 'zh-CN' | 'en';
  other: { lang: 'zh-CN' | 'en'; label: string };
  title: string;
  steps: [environment: string, site: string, done: string];
  code: { heading: string; intro: string; label: string; next: string };
  checks: {
    heading: string;
    intro: string;
    troubled: string;
    next: string;
    again: string;
    good: string;
    look: string;
    bad: string;
    database: { name: string; good: string };
    realtime: { name: string; good: string; bad: string };
    uploads: { name: string; good: string; bad: string };
    address: { name: string; good: string; other: string; plain: string };
  };
  site: {
    heading: string;
    administrator: string;
    userName: string;
    password: string;
    passwordHint: string;
    password2: string;
    business: string;
    businessId: string;
    businessIdHint: string;
    name: string;
    nameHint: string;
    legacy: string;
    no: string;
    noHint: string;
    yes: string;
    yesHint: string;
    save: string;
  };
  done: { heading: string; intro: string; console: string; demo: string; snippet: string; over: string };
  faults: Record<InstallFault, string>;
  greeting: string;
  offlineText: string;
}

export type InstallFault =
  | 'wrongCode'
  | 'tooOften'
  | 'userName'
  | 'userNameTaken'
  | 'password'
  | 'password2'
  | 'businessId'
  | 'businessIdTaken'
  | 'name'
  | 'legacy';

const zh: InstallTexts = {
  lang: 'zh-CN',
  other: { lang: 'en', label: 'English' },
  title: '安装 OpenKefu',
  steps: ['检查环境', '管理员与商家', '完成'],
  code: {
    heading: '输入安装码',
    intro: '安装码显示在运行 npm start 的终端里。只有拿到它的人才能继续，别人打开这个网址也装不了。',
    label: '安装码',
    next: '继续',
  },
  checks: {
    heading: '第一步：检查环境',
    intro: '需要的都已就绪，可以继续。',
    troubled: '有几处需要留意，见下。可以先处理再重新检查，也可以继续，之后再处理。',
    next: '下一步',
    again: '重新检查',
    good: '正常',
    look: '请留意',
    bad: '有问题',
    database: { name: '数据库', good: 'PostgreSQL {version}，可以使用。' },
    realtime: {
      name: '实时服务',
      good: '{address} 有应答，消息可以即时送达。',
      bad: '{address} 没有应答。请确认实时服务在运行，防火墙放行了这个端口；没有它，消息要等它恢复才能送达。',
    },
    uploads: {
      name: '上传文件夹',
      good: '{folder} 可以写入。',
      bad: '{folder} 不能写入。请改正它的所有者和权限，或用 FILES_DIR 另指一个文件夹；否则不能发图片和文件。',
    },
    address: {
      name: '对外网址',
      good: '{url}，与您现在打开的一致。',
      other: '设定的是 {url}，而您打开的是 {seen}。访客要用的网址请写进 WEB_URL，然后重新启动。',
      plain:
        '{url} 没有加密。对外使用时请经 https 提供（浏览器也只在 https 下允许使用麦克风和摄像头），并设置 WEB_URL。',
    },
  },
  site: {
    heading: '第二步：管理员与商家',
    administrator: '管理员',
    userName: '用户名',
    password: '密码',
    passwordHint: '至少 8 个字符。终端里显示的初始密码随之作废。',
    password2: '再输一遍密码',
    business: '第一个商家',
    businessId: '商家标识（business_id）',
    businessIdHint: '嵌入网页时用它指明商家：1 到 50 个字母、数字、点、下划线或短横。',
    name: '商家名称',
    nameHint: '客服和访客看到的名字。',
    legacy: '这个网站在用 WoLive 自己的页面吗？',
    no: '没有，或不清楚',
    noHint: '访客凭系统发给的令牌说话，别人冒充不了。',
    yes: '是，从 WoLive 迁来，页面不改',
    yesHint: '老页面不带令牌，只凭 visiter_id 认人。以后可用 npm run bootstrap 关掉。',
    save: '完成安装',
  },
  done: {
    heading: '安装成功',
    intro: '用刚才设定的用户名 {userName} 和密码登录客服工作台，访客就能找到您了。',
    console: '打开客服工作台',
    demo: '看演示页面',
    snippet: '把这段代码放进您的网页，对话按钮就会出现：',
    over: '这个安装页面从现在起不再存在。',
  },
  faults: {
    wrongCode: '安装码不对。请核对终端里显示的内容。',
    tooOften: '尝试过于频繁，请过一刻钟再试。',
    userName: '用户名须是 1 到 64 个字母、数字或 _ . @ -。',
    userNameTaken: '这个用户名已有人使用。',
    password: '密码至少 8 个字符，最多 256 个。',
    password2: '两次输入的密码不一样。',
    businessId: '商家标识须是 1 到 50 个字母、数字、点、下划线或短横。',
    businessIdTaken: '这个商家标识已被使用。',
    name: '请填写商家名称，最多 100 个字符。',
    legacy: '请回答最后一个问题。',
  },
  greeting: '您好，请问有什么可以帮您？',
  offlineText: '现在没有客服在线，请留言，我们会尽快回复您。',
};

const en: InstallTexts = {
  lang: 'en',
  other: { lang: 'zh-CN', label: '中文' },
  title: 'Install OpenKefu',
  steps: ['Environment', 'Your site', 'Done'],
  code: {
    heading: 'Enter the installation code',
    intro:
      'It is shown in the terminal in which npm start runs. Only who has it can go on; nobody else who opens this address can install anything.',
    label: 'Installation code',
    next: 'Continue',
  },
  checks: {
    heading: 'Step 1: environment',
    intro: 'Everything that is needed is there. You can go on.',
    troubled: 'Some things need a look, see below. Put them right and check again, or go on and see to them later.',
    next: 'Next',
    again: 'Check again',
    good: 'Fine',
    look: 'Have a look',
    bad: 'Not right',
    database: { name: 'Database', good: 'PostgreSQL {version} answers.' },
    realtime: {
      name: 'Realtime server',
      good: '{address} answers: messages arrive at once.',
      bad: '{address} does not answer. See that the realtime server runs and that the firewall lets this port through; without it messages arrive only when it is back.',
    },
    uploads: {
      name: 'Folder of uploads',
      good: '{folder} can be written.',
      bad: '{folder} cannot be written. Correct its owner and permissions, or name another with FILES_DIR; until then nobody can send images or files.',
    },
    address: {
      name: 'Public address',
      good: '{url}, the same that you have opened.',
      other:
        'It is set to {url}, but you have opened {seen}. Put the address that visitors use into WEB_URL and start again.',
      plain:
        '{url} is not encrypted. For the public serve it over https (browsers allow microphone and camera only there) and set WEB_URL.',
    },
  },
  site: {
    heading: 'Step 2: administrator and business',
    administrator: 'Administrator',
    userName: 'User name',
    password: 'Password',
    passwordHint: 'At least 8 characters. The first password, shown in the terminal, is void then.',
    password2: 'The password again',
    business: 'First business',
    businessId: 'Business id (business_id)',
    businessIdHint: 'Your pages name the business by it: 1 to 50 letters, digits, dots, underscores or dashes.',
    name: 'Name of the business',
    nameHint: 'What agents and visitors see.',
    legacy: 'Does this site run WoLive’s own pages?',
    no: 'No, or I do not know',
    noHint: 'Visitors speak with a token that they were given; nobody else can speak for them.',
    yes: 'Yes, it comes from WoLive with its pages unchanged',
    yesHint: 'Those pages send no token and are believed by visiter_id alone. npm run bootstrap switches it off later.',
    save: 'Install',
  },
  done: {
    heading: 'Installed',
    intro: 'Sign in to the agent console as {userName} with your password, and visitors can reach you.',
    console: 'Open the agent console',
    demo: 'See the demo page',
    snippet: 'Put this into your pages, and the chat button appears:',
    over: 'From now on this page does not exist any more.',
  },
  faults: {
    wrongCode: 'That is not the code. Compare it with what the terminal shows.',
    tooOften: 'Too many attempts. Please wait a quarter of an hour.',
    userName: 'A user name has 1 to 64 letters, digits or _ . @ -.',
    userNameTaken: 'Somebody has this user name already.',
    password: 'A password has at least 8 characters, and at most 256.',
    password2: 'The two passwords are not the same.',
    businessId: 'A business id has 1 to 50 letters, digits, dots, underscores or dashes.',
    businessIdTaken: 'This business id is used already.',
    name: 'Please give the business a name of up to 100 characters.',
    legacy: 'Please answer the last question.',
  },
  greeting: 'Hello, how can we help you?',
  offlineText: 'Nobody is here right now. Leave a message and we will get back to you.',
};

/** By language tag; anything but Chinese is English. */
export function installTexts(language: string): InstallTexts {
  return language.toLowerCase().startsWith('zh') ? zh : en;
}
