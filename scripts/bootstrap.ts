import { applyBootstrapFile } from '../web-app/src/bootstrap.ts';
import { BootstrapError } from '../web-app/src/bootstrap/bootstrap-error.ts';
import { prepareDatabase } from '../web-app/src/db/prepare.ts';
import { dataFolder, parseEnvironment } from './environment/configuration.ts';
import { useDatabase } from './environment/database.ts';

/**
 * Applies a bootstrap file to the database and says what that changed, or, one line each, what is wrong with the file.
 * @returns the exit code
 */
export async function bootstrap(root: string, file: string): Promise<number> {
  const env = parseEnvironment(process.env);
  const database = await useDatabase(env, dataFolder(env, root));
  try {
    await prepareDatabase(database.url);
    const { summary } = await applyBootstrapFile(database.url, file);
    console.log(summary);
    return 0;
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error;
    console.error(error.message);
    return 1;
  } finally {
    await database.release();
  }
}
