import { DownloadError } from './download';

/** A service whose links for sharing lead to a page around the file, and how to get at the file itself. */
interface ShareService {
	/** Host and path of such links. */
	link: RegExp;
	advice: string;
}

const SHARE_SERVICES: readonly ShareService[] = [
	{
		link: /^(drive|docs)\.google\.com\//,
		advice:
			'This is a link to share a file on Google Drive. Share the file with “Anyone with the link” and use https://drive.google.com/uc?export=download&id=ID, with the ID from the link in place of ID; or download it with a Google Drive node.',
	},
	{
		link: /^(www\.)?dropbox\.com\//,
		advice:
			'This is a link to share a file on Dropbox. Write dl=1 in place of dl=0 at its end, or add ?dl=1 if neither stands there; or download it with a Dropbox node.',
	},
	{
		link: /^(1drv\.ms|onedrive\.live\.com|[^/]+\.sharepoint\.com)\//,
		advice:
			'This is a link to share a file on OneDrive or SharePoint. Add download=1 to its end, after ? or &; or download it with a Microsoft OneDrive or SharePoint node.',
	},
	{
		link: /^([^/]+\.)?box\.com\//,
		advice: 'This is a link to share a file on Box. Use its direct link, or download it with a Box node.',
	},
	{
		link: /^github\.com\/[^/]+\/[^/]+\/blob\//,
		advice: 'This is a page of GitHub around the file. Use the address behind its button Raw.',
	},
	{
		link: /^((www\.)?icloud\.com|we\.tl|wetransfer\.com|share\.icloud\.com|photos\.app\.goo\.gl)\//,
		advice:
			'This service gives no address of the file itself. Download it by hand, and put it at an address of its own, or use it as Binary File.',
	},
	{
		link: /^((www\.|m\.)?youtube\.com|youtu\.be|soundcloud\.com|on\.soundcloud\.com|open\.spotify\.com|vimeo\.com)\//,
		advice: 'This is the page of a player. Use the address of an audio file.',
	},
];

const USUAL_ADVICE =
	"Open it in a private browser window: the file must come at once, without a page around it and without a login. If it does not, look for a link called Download or Raw, or fetch the file with the service's own node and use it as Binary File.";

/** How a page begins. */
const PAGE = /^\s*(<!--[\s\S]*?)?(<!doctype html|<html|<head|<body|<script)/i;

/** How much of a file is looked at, in bytes. */
const LOOKED_AT = 512;

/** Whether an address is known to lead to a page around a file, whatever it ends in. */
export function isShareLink(url: string): boolean {
	return serviceOf(url) !== undefined;
}

/**
 * Refuses a web page that came in place of a file.
 *
 * @param parameter the parameter's name in the editor
 * @throws {DownloadError} with the way to the file itself
 */
export function refuseWebPage(bytes: Uint8Array, url: string, parameter: string): void {
	const beginning = Buffer.from(bytes.subarray(0, LOOKED_AT))
		.toString('utf8')
		.replace(/^\uFEFF/, '');
	if (!PAGE.test(beginning)) return;
	throw new DownloadError(
		`The address in '${parameter}' leads to a web page, not to a file`,
		serviceOf(url)?.advice ?? USUAL_ADVICE,
	);
}

function serviceOf(url: string): ShareService | undefined {
	const { hostname, pathname } = new URL(url);
	return SHARE_SERVICES.find(({ link }) => link.test(`${hostname}${pathname}`));
}
