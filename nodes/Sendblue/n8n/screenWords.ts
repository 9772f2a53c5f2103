import type { ErrorKind } from '../sendblue/errors';

/** What to do about an error on the screen: the names of fields and options, which the rooms below do not know. */
const ADVICE: Readonly<Record<ErrorKind, string>> = {
	duplicatesUnchecked: 'Without the option Avoid Duplicates no check is made.',
	foreignLine: "Choose it in 'From'.",
	lineAllowance: "Or set 'When the Line's Allowance Is Used Up' to Skip, and go on from the item's output.",
	neverReplied: "The option 'If Never Replied' decides this before anything is converted.",
	neverRepliedUnchecked: "Without the option 'If Never Replied' no check is made.",
	noIMessage: "Or change 'If Recipient Has No iMessage'.",
	noTextInstead: "Fill in 'Text', or change the option.",
	tagLost: 'Without the option Avoid Duplicates the message is sent.',
};

/** The advice of an error, with what is to be done on the screen. */
export function onScreen({ advice, kind }: { advice: string; kind?: ErrorKind }): string {
	return kind === undefined ? advice : `${advice} ${ADVICE[kind]}`.trim();
}
