import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a file server answers under a path. */
export interface ServedFile {
	bytes?: Uint8Array;
	contentType?: string;
	status?: number;
	/** Sent in place of an answer. */
	redirectTo?: string;
}

/** A web server on 127.0.0.1 with a few files, and the headers of every request to it. */
export interface FileServer {
	url: string;
	files: Record<string, ServedFile>;
	requests: Array<{ path: string; headers: Record<string, unknown> }>;
	close(): Promise<void>;
}

/** Starts a web server that serves `files` by path. */
export async function startFileServer(): Promise<FileServer> {
	const files: Record<string, ServedFile> = {};
	const requests: FileServer['requests'] = [];
	const server = createServer((request, response) => {
		const path = request.url ?? '/';
		requests.push({ path, headers: request.headers });
		const file = files[path];
		if (file?.redirectTo) {
			response.writeHead(302, { location: file.redirectTo }).end();
			return;
		}
		const status = file ? (file.status ?? 200) : 404;
		response.writeHead(status, { 'content-type': file?.contentType ?? 'application/octet-stream' });
		response.end(file?.bytes);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		files,
		requests,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
