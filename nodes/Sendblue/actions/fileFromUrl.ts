import type { IExecuteFunctions } from 'n8n-workflow';

import { nameInUrl } from '../n8n/audioFiles';
import { checkedUrl, downloadFile, type DownloadedFile, refuseWebPage } from '../n8n/download';
import { sourceObjection } from '../sendblue/urls';

/** A parameter that holds the address of a file. */
export interface UrlParameter {
	/** Its name in the workflow. */
	name: string;
	/** Its name in the editor. */
	parameter: string;
	/** A valid address. */
	example: string;
	/** The hint for a file that is in the JSON as Base64. */
	base64Way: string;
	maxBytes: number;
	/** Whether the file may be a web page, if its name says so. */
	mayBePage?: boolean;
}

/** A file at an address: known by name, not loaded yet. */
export interface FileFromUrl {
	/** Identifies the address. */
	key: string;
	/** Identifies the address; stays the same when n8n retries the node. */
	fingerprint: string;
	url: string;
	/** The name at the end of the address. */
	fileName?: string;
	/**
	 * Downloads the file.
	 *
	 * @throws {DownloadError} also for a web page that came in place of a file
	 */
	load(): Promise<DownloadedFile>;
}

/** The name of a web page. */
const PAGE_NAME = /\.html?$/i;

/**
 * The file at the address in an item's parameter.
 *
 * @throws {NodeOperationError} if it is not a valid address
 */
export function fileFromUrl(context: IExecuteFunctions, itemIndex: number, parameter: UrlParameter): FileFromUrl {
	const url = checkedUrl(context, itemIndex, context.getNodeParameter(parameter.name, itemIndex), parameter);
	const key = `url ${url}`;
	return {
		key,
		fingerprint: key,
		url,
		fileName: nameInUrl(new URL(url)),
		load: async () => {
			const file = await downloadFile(context, url, { ...parameter, objection: sourceObjection });
			const isWantedPage = parameter.mayBePage === true && PAGE_NAME.test(new URL(url).pathname);
			if (!isWantedPage) refuseWebPage(file.bytes, url, parameter.parameter);
			return file;
		},
	};
}
