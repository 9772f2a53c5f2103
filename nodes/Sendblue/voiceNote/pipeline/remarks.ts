/** Turns the findings of readers into sentences for the user. */
import type { Finding } from '../containers/track';

/** The remarks about the audio: complete sentences, in the order of their findings. */
export class Remarks {
	private inThisPass: Finding[] = [];

	private readonly others = new Set<string>();

	/** @param opened what was found when the file was opened */
	constructor(private readonly opened: readonly Finding[]) {}

	/** The sentences so far. Findings of one kind are merged, and their seconds added up. */
	get sentences(): string[] {
		const merged = new Map<string, Finding>();
		for (const finding of [...this.opened, ...this.inThisPass]) {
			const key = keyOf(finding);
			const known = merged.get(key);
			merged.set(key, known ? together(known, finding) : finding);
		}
		return [...new Set([...[...merged.values()].map(sentenceOf), ...this.others])];
	}

	/** Drops the findings of an earlier pass over the audio, since they will be reported again. */
	beginReading(): void {
		this.inThisPass = [];
	}

	/** Adds a finding. */
	readonly report = (finding: Finding): void => {
		this.inThisPass.push(finding);
	};

	/** Whether something of this kind was found. */
	has(kind: Finding['kind']): boolean {
		return [...this.opened, ...this.inThisPass].some((finding) => finding.kind === kind);
	}

	/** Adds a sentence about what was done to the audio. */
	add(sentence: string): void {
		this.others.add(sentence);
	}
}

/** Findings that differ only in their seconds are merged. */
function keyOf(finding: Finding): string {
	return JSON.stringify(finding, (name, value: unknown) => (name === 'seconds' ? undefined : value));
}

/** If the seconds of either are unknown, so is their sum. */
function together(first: Finding, second: Finding): Finding {
	if (!('seconds' in first) || !('seconds' in second)) return first;
	const isKnown = first.seconds !== undefined && second.seconds !== undefined;
	return { ...first, seconds: isKnown ? (first.seconds ?? 0) + (second.seconds ?? 0) : undefined };
}

/** The sentence for a finding. */
export function sentenceOf(finding: Finding): string {
	switch (finding.kind) {
		case 'cutShort':
			return `The audio ends ${early(finding.seconds)}: the file is cut short. What is there was converted.`;
		case 'damaged':
			return `Parts of the audio${ofLength(finding.seconds)} are damaged: they are silent or left out. The rest was converted.`;
		case 'silent':
			return 'The audio is silent from beginning to end.';
		case 'wrongChecksums':
			return 'All checksums in the file are wrong, probably because the program that wrote it does not compute them; it was converted anyway.';
		case 'joined':
			return (
				'The file is several recordings joined together; ' +
				`only ${finding.converted === 1 ? 'the first was' : `the first ${finding.converted} were`} converted` +
				`${missing(finding.seconds)}. Convert each one separately.`
			);
		case 'otherTrack':
			return (
				`The file has another audio track, number ${finding.track}${ofLength(finding.seconds)}, which was not converted. ` +
				'To convert that one instead, choose the audio track by its number.'
			);
		case 'silentTrack':
			return (
				`The first audio track${finding.isFirstRead ? ' that can be read' : ''} is silent from beginning to end, so number ${finding.converted} was converted. ` +
				'To convert another one, choose the audio track by its number.'
			);
		case 'unreadTrack':
			return (
				`Audio track ${finding.track} holds ${finding.codec} audio, which is not supported` +
				`${finding.isNextSilent ? '' : '; the next one that can be read was converted'}.`
			);
		case 'unreadPart':
			return (
				`A part of the file${ofLength(finding.seconds)} was left out: ${whyUnread(finding)}. ` +
				'Export the recording again as one piece.'
			);
		case 'upperBandMissing':
			return 'Most of the audio lacks the upper half of its frequencies, which HE-AAC codes separately: it sounds dull, as the file itself does.';
	}
}

/** In seconds: less than anybody would notice. */
const A_MOMENT_SECONDS = 0.05;

function isMoment(seconds: number): boolean {
	return seconds < A_MOMENT_SECONDS;
}

function early(seconds: number | undefined): string {
	return seconds === undefined ? 'early' : `${inWords(seconds)} early`;
}

function whyUnread({ codec, reason }: Extract<Finding, { kind: 'unreadPart' }>): string {
	if (reason !== undefined) return reason;
	if (codec !== undefined) return `it is ${codec} audio, which is not supported`;
	return 'its beginning, which says how it is coded, is missing';
}

function ofLength(seconds: number | undefined): string {
	if (seconds === undefined) return '';
	return isMoment(seconds) ? ' (a moment)' : ` (about ${inWords(seconds)})`;
}

function missing(seconds: number | undefined): string {
	if (seconds === undefined) return '';
	return isMoment(seconds) ? '; a moment is missing' : `; about ${inWords(seconds)} are missing`;
}

/** Rounds to what is exact within a few percent. */
function inWords(seconds: number): string {
	if (isMoment(seconds)) return 'a moment';
	const digits = seconds < 1 ? 2 : seconds < 20 ? 1 : 0;
	return `${seconds.toFixed(digits)} seconds`;
}
