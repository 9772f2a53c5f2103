import { parseArgs } from 'node:util';
import sandboxModule from './index.cjs';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
	console.error('--port needs a number from 0 to 65535');
	process.exit(2);
}

const sandbox = await sandboxModule.startSandbox({ port });
console.log(`Sendblue sandbox listening on ${sandbox.url}`);

for (const signal of ['SIGINT', 'SIGTERM']) {
	process.once(signal, () => void sandbox.close());
}
