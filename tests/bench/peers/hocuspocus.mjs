// Hocuspocus as it comes, keeping documents in memory alone, on a port that the system chooses.
import { Server } from '@hocuspocus/server';

await new Server({ address: '127.0.0.1', port: 0, quiet: true }).listen();
process.stdout.write('listening\n');
