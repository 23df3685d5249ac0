import { describe, expect, it } from 'vitest';
import { kindOf, sharesOf } from './kinds.ts';
import { parseReport } from './report.ts';

const REPORT = `# To display the perf.data header info, please use --header/--header-only options.
#
41.50%  |[kernel.kallsyms]     |[k] tcp_sendmsg_locked
20.00%  |uws_linux_x64_115.node|[.] uWS::TopicTree<uWS::TopicTreeMessage>::publish
15.25%  |[JIT] tid 12          |[.] JS:*handleMessage file:///srv/pusher-server/dist/main.js:2290:1
 8.00%  |[JIT] tid 12          |[.] JS:*update node:internal/crypto/hash:131:1
 6.00%  |node                  |[.] sha256_block_data_order_shaext
 5.25%  |node                  |[.] v8::internal::Scavenger::Process
 3.00%  |libc.so.6             |[.] malloc
 1.00%  |node                  |[.] Builtins_GetProperty
`;

describe('a profile', () => {
  it('is read line by line', () => {
    const samples = parseReport(REPORT);
    expect(samples).toHaveLength(8);
    expect(samples[0]).toEqual({ share: 0.415, object: 'kernel', symbol: 'tcp_sendmsg_locked' });
    expect(samples[2]?.symbol).toBe('JS:*handleMessage file:///srv/pusher-server/dist/main.js:2290:1');
  });

  it('tells what the time is spent on', () => {
    expect(parseReport(REPORT).map(kindOf)).toEqual([
      'kernel: network, scheduling',
      'uWebSockets.js',
      "our server's JavaScript",
      "Node's own JavaScript",
      'hashing and signatures',
      'garbage collection',
      'libc: memory, locks',
      'V8 and Node, natively',
    ]);
    const total = [...sharesOf(parseReport(REPORT)).values()].reduce((sum, share) => sum + share, 0);
    expect(total).toBeCloseTo(1);
  });
});
