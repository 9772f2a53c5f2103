/**
 * Reads from what npm says how far it has come: it asks for all packages first, and downloads them then.
 *
 * @param {number | undefined} total packages in all, where it is known
 * @param {(state: import('./progress.mjs').State) => void} show
 * @returns {(text: string) => void}
 */
export function countPackages(total, show) {
	let asked = 0;
	let downloaded = 0;
	let rest = '';
	return (text) => {
		const lines = (rest + text).split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) {
			if (!/^npm http (fetch GET|cache) /.test(line)) continue;
			if (/\.tgz\b/.test(line)) downloaded += 1;
			else asked += 1;
		}
		if (downloaded === 0) show({ text: `${asked} packages looked up` });
		else if (total === undefined) show({ text: `${downloaded} packages` });
		else if (downloaded < total) show({ text: `${downloaded} of ${total} packages`, part: downloaded / total });
		else show({ text: `${downloaded} packages, being unpacked`, part: 1 });
	};
}
