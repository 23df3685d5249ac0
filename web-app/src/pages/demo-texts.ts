/** What the demo shop says, in both languages. */
export interface DemoTexts {
  lang: 'zh-CN' | 'en';
  other: { lang: 'zh-CN' | 'en'; label: string };
  title: string;
  shop: string;
  motto: string;
  skip: string;
  nav: { goods: string; promise: string };
  /** A line of the heading breaks between its parts first. */
  hero: { heading: string[]; text: string; action: string };
  goodsHeading: string;
  goods: { name: string; text: string; price: string }[];
  ask: string;
  promiseHeading: string;
  promises: { name: string; text: string }[];
  hint: { text: string; link: string };
  footer: string;
}

const zh: DemoTexts = {
  lang: 'zh-CN',
  other: { lang: 'en', label: 'English' },
  title: '青山器物 · OpenKefu 演示商店',
  shop: '青山器物',
  motto: '一盏一碗，皆出手作',
  skip: '跳到正文',
  nav: { goods: '器物', promise: '承诺' },
  hero: {
    heading: ['为每天的一餐一茶，', '做几件好器物'],
    text: '六位匠人，一座柴窑。每件器物都有自己的釉色，也都经得起天天使用。想知道哪一件适合您，点右下角问我们。',
    action: '看看新出窑的',
  },
  goodsHeading: '新出窑',
  goods: [
    { name: '雨过天青盖碗', text: '天青釉，110 毫升，一人独饮正好。', price: '¥168' },
    { name: '远山马克杯', text: '手绘远山，可进微波炉与洗碗机。', price: '¥98' },
    { name: '素胎花插', text: '一枝足矣，底部防水，可作书桌小景。', price: '¥126' },
  ],
  ask: '价格含税，全国包邮。',
  promiseHeading: '三句实话',
  promises: [
    { name: '碎了包赔', text: '路上碎了，拍张照片就重发，不用寄回。' },
    { name: '三十天可退', text: '拿到手不合心意，三十天内都可以退。' },
    { name: '真人回答', text: '右下角的对话，是店里的人在回。' },
  ],
  hint: { text: '这是演示页面：在右下角以访客身份说句话，再到客服工作台回答。', link: '打开客服工作台' },
  footer: '青山器物是虚构的商店，仅用于演示 OpenKefu。',
};

const en: DemoTexts = {
  lang: 'en',
  other: { lang: 'zh-CN', label: '中文' },
  title: 'Greenhill Pottery · OpenKefu demo shop',
  shop: 'Greenhill Pottery',
  motto: 'Every cup and bowl made by hand',
  skip: 'Skip to content',
  nav: { goods: 'Shop', promise: 'Promises' },
  hero: {
    heading: ['A few good pieces for the meals and teas of every day'],
    text: 'Six potters and one wood-fired kiln. Each piece has a glaze of its own and is made to be used daily. Not sure which one suits you? Ask us in the corner below.',
    action: 'See the latest firing',
  },
  goodsHeading: 'Fresh from the kiln',
  goods: [
    { name: 'Clear-sky gaiwan', text: 'Sky-blue celadon, 110 ml, just right for one.', price: '$24' },
    { name: 'Far-hills mug', text: 'Painted by hand; safe in microwave and dishwasher.', price: '$14' },
    { name: 'Bare-clay bud vase', text: 'One stem is enough. Watertight, made for a desk.', price: '$18' },
  ],
  ask: 'Prices include tax; delivery is free.',
  promiseHeading: 'Three plain promises',
  promises: [
    { name: 'Broken? Replaced', text: 'If it breaks on the way, send a photo. No need to send it back.' },
    { name: 'Thirty days', text: 'If you do not love it, return it within thirty days.' },
    { name: 'Real people', text: 'The chat in the corner is answered by those who work here.' },
  ],
  hint: {
    text: 'This is a demo: write as a visitor in the corner below, then answer in the agent console.',
    link: 'Open the agent console',
  },
  footer: 'Greenhill Pottery is invented; it only shows OpenKefu at work.',
};

/** By a language tag; Chinese for any Chinese, English for all others. */
export function demoTexts(language: string): DemoTexts {
  return /^zh\b/i.test(language) ? zh : en;
}
