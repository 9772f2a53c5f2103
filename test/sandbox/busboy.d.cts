/** The part of busboy 1.6 the sandbox uses; the package ships no types. */
declare module 'busboy' {
	import type { IncomingHttpHeaders } from 'node:http';
	import type { Readable, Writable } from 'node:stream';

	interface PartInfo {
		filename: string;
		encoding: string;
		mimeType: string;
	}

	interface Parser extends Writable {
		on(event: 'file', listener: (name: string, stream: Readable, info: PartInfo) => void): this;
		on(event: 'close', listener: () => void): this;
		on(event: 'error', listener: (error: Error) => void): this;
		on(event: string, listener: (...args: never[]) => void): this;
	}

	interface Options {
		headers: IncomingHttpHeaders;
		defParamCharset?: string;
		limits?: { fileSize?: number; files?: number };
	}

	function busboy(options: Options): Parser;
	export = busboy;
}
