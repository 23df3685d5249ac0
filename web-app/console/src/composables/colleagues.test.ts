import { describe, expect, it } from 'vitest';
import type { ApiColleague } from '../../../src/front-doors/console-api/wire.ts';
import { candidates, presenceOf, takingOf } from './colleagues.ts';

function colleague(id: number, name: string, special: Partial<ApiColleague> = {}): ApiColleague {
  return {
    id,
    name,
    avatar: '',
    online: true,
    level: 'service',
    status: 'online',
    load: 0,
    maxConversations: 3,
    ...special,
  };
}

const bob = colleague(2, 'Bob', { load: 2 });
const cora = colleague(3, 'Cora', { load: 1 });
const busy = colleague(4, 'Dan', { status: 'busy' });
const full = colleague(5, 'Eve', { load: 3 });
const away = colleague(6, 'Finn', { online: false });
const hidden = colleague(7, 'Gus', { status: 'offline' });
const all = [away, full, busy, bob, hidden, cora];
const names = (holder: number | null, words = '') => candidates(all, holder, words).map(({ name }) => name);

describe('colleagues', () => {
  it('take a conversation while they are there and have room, busy or not', () => {
    expect(all.map(takingOf)).toEqual(['away', 'full', 'free', 'free', 'away', 'free']);
    expect([away, hidden, busy].map(presenceOf)).toEqual(['offline', 'offline', 'busy']);
  });

  it('stand in the order in which one would ask them', () => {
    expect(names(null)).toEqual(['Cora', 'Bob', 'Dan', 'Eve', 'Finn', 'Gus']);
  });

  it('are found by name, and never who has it already', () => {
    expect(names(3, ' O')).toEqual(['Bob']);
    expect(names(null, 'zoe')).toEqual([]);
  });
});
