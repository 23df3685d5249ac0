import express from 'express';
import pg from 'pg';
import { z } from 'zod';
import { INSERT_PATH } from './wire.ts';

/**
 * The limit of the live chat: a bare Express that reads the same form and makes one row of it in the same PostgreSQL,
 * with as many connections as web-app has. `DATABASE_URL` names the database.
 */
const { DATABASE_URL } = process.env;
if (DATABASE_URL === undefined) throw new Error('DATABASE_URL is missing');
const form = z.object({ content: z.string() });
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
await pool.query('CREATE TABLE IF NOT EXISTS bench_messages (id bigserial PRIMARY KEY, content text NOT NULL)');

const app = express();
app.disable('x-powered-by');
app.post(INSERT_PATH, express.urlencoded({ extended: false }), async (request, response) => {
  const { content } = form.parse(request.body);
  await pool.query('INSERT INTO bench_messages (content) VALUES ($1)', [content]);
  response.json({ code: 0 });
});

const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ type: 'ready', port: typeof address === 'object' ? address?.port : undefined });
});
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
