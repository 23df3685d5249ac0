import type { AbsenceNotice, Weixin } from '../domain/services.ts';
import type { WeixinApi } from './weixin-api.ts';

export interface TellingDeps {
  weixin: Pick<Weixin, 'takeDue' | 'settle'>;
  api: WeixinApi;
  templateId: string;
  /** Where the notice leads: the agent console. */
  consoleUrl: string;
  logger: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

const LOOK_EVERY_MS = 2000;
const TAKEN_AT_ONCE = 10;

/**
 * Looks by itself for what agents who are away have not heard, and tells it by WeChat. It shares nothing with sending
 * but the database, so however slow WeChat is, no visitor waits for it.
 */
export function tellAbsentAgents(deps: TellingDeps): { close(): Promise<void> } {
  const { weixin, logger } = deps;
  let isClosed = false;
  let hasFailed = false;
  let timer: NodeJS.Timeout | null = null;

  async function look(): Promise<void> {
    try {
      const notices = await weixin.takeDue(TAKEN_AT_ONCE);
      await Promise.all(notices.map((notice) => tell(deps, notice)));
      hasFailed = false;
    } catch (error) {
      // The database: said once an outage, by this look and by the others that notice it.
      if (!hasFailed) logger.warn({ err: error }, 'agents who are away could not be told, trying again');
      hasFailed = true;
    }
  }

  async function goOn(): Promise<void> {
    await look();
    if (isClosed) return;
    timer = setTimeout(() => {
      running = goOn();
    }, LOOK_EVERY_MS);
  }

  let running = goOn();
  return {
    close: async () => {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      // What was not taken is due again a little later, for the process that comes next.
      deps.api.close();
      await running;
    },
  };
}

async function tell({ weixin, api, templateId, consoleUrl, logger }: TellingDeps, notice: AbsenceNotice) {
  const { conversationId, userId: agentId, attempts } = notice;
  const outcome = await api.sendTemplate({
    touser: notice.openId,
    template_id: templateId,
    url: consoleUrl,
    data: dataOf(notice),
  });
  await weixin.settle(notice, outcome.kind === 'done' ? 'sent' : outcome.kind);
  const about = { conversationId, agentId, attempts };
  if (outcome.kind === 'done') logger.info(about, 'an agent who is away was told by WeChat');
  else if (outcome.kind === 'refused' || attempts === 1) {
    logger.warn({ ...about, reason: outcome.reason }, 'an agent who is away could not be told by WeChat');
  }
}

/** The fields that the template has to have (docs/configuration.md). */
function dataOf({ businessName, visitorName, preview, writtenAt, timezone }: AbsenceNotice) {
  const time = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' });
  return {
    first: { value: `${businessName}：有访客给您留言` },
    keyword1: { value: visitorName },
    keyword2: { value: preview },
    keyword3: { value: time.format(writtenAt) },
    remark: { value: '请打开客服工作台回复。' },
  };
}
