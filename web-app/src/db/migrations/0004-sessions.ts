/** The table that connect-pg-simple reads and writes, as its own `table.sql` has it. */
export const sessions = {
  name: '0004_sessions',
  sql: `
create table "session" (
  sid varchar not null primary key,
  sess json not null,
  expire timestamp(6) not null
);
create index session_expire on "session" (expire);
`,
};
