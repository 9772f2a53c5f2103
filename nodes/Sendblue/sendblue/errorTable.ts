import type { ErrorKind } from './errors';

/** What Sendblue said, as far as it is known. */
export interface Refusal {
	/** Undefined where the refusal stood in the body of a 2xx answer. */
	httpStatus?: number;
	code?: string;
	words?: string;
	/** Path of the request. */
	path: string;
}

/** In plain words: what happened, and what to do. */
export interface Explanation {
	explanation: string;
	advice: string;
	/** Where whoever shows the error has more to say. */
	kind?: ErrorKind;
}

/** One row; every condition that is given must hold. */
interface Row extends Explanation {
	codes?: readonly string[];
	phrase?: RegExp;
	httpStatus?: readonly number[];
	path?: RegExp;
}

const SEND_PATH = /^\/api\/send-(message|group-message|carousel)$/;

/**
 * Every code and phrase that is known, the specific before the general; the first row that fits is taken.
 *
 * Sources: Sendblue's documentation (error codes, limits, line usage, read receipts, reactions, groups), its SDK, and
 * answers captured by others.
 */
const ROWS: readonly Row[] = [
	{
		codes: ['SMS_LIMIT_REACHED'],
		explanation: 'The line has used up its allowance of SMS messages.',
		advice: 'Wait a few hours, or send from another line. Recipients with iMessage do not count against it.',
	},
	{
		codes: ['4002'],
		explanation: 'Sendblue does not send to this number: it is on its block list (emergency numbers, for example).',
		advice: 'Take the number out of the list of recipients.',
	},
	{
		codes: ['5509'],
		explanation: 'The line has sent as many messages as Sendblue allows within its time window.',
		advice: 'Wait until the window has passed, send more slowly, or use another line.',
	},
	{
		codes: ['4001', '5003'],
		path: SEND_PATH,
		explanation: 'Messages came faster than Sendblue takes them.',
		advice: 'Run the item again later, and lower the number of messages per second.',
	},
	{
		codes: ['4001', '5003'],
		explanation: 'Requests came faster than Sendblue takes them.',
		advice: 'Run the item again later.',
	},
	{
		codes: ['10002'],
		explanation: 'Sendblue took the message but could not find out what became of it.',
		advice: 'Look the message up in Sendblue before you send it again: it may have arrived.',
	},
	{
		codes: ['INVALID_REACTION'],
		explanation: 'Sendblue does not know this reaction.',
		advice: 'Use love, like, dislike, laugh, emphasize or question.',
	},
	{
		codes: ['line_not_registered'],
		explanation: 'The line is not registered with the account.',
		advice: "Choose one of the account's lines in From.",
	},
	{
		codes: ['ambiguous_sending_line'],
		explanation: "Several of the account's lines could act here, and none was named.",
		advice: 'Name the line in From.',
	},
	{
		phrase: /line_not_registered/i,
		explanation: 'The line is not registered with the account.',
		advice: "Choose one of the account's lines in From.",
	},
	{
		phrase: /ambiguous_sending_line/i,
		explanation: "Several of the account's lines could act here, and none was named.",
		advice: 'Name the line in From.',
	},
	{
		phrase: /opt(ed)?[\s_-]?out/i,
		explanation: 'The recipient has opted out of messages from this account.',
		advice: 'Do not write to this number until the person writes to your line or opts in again.',
	},
	{
		phrase:
			/(before|until|unless|never|not|n't)[\w\s,'’]{0,60}\b(repl(y|ied|ies)|respond(ed|s)?|written (back|to)|messaged? (you|your|the line))\b|pre[_\s-]?reply/i,
		path: SEND_PATH,
		explanation:
			'Sendblue lets a line send media, links and all but a few short texts only to people who have written to it.',
		advice: 'Wait until the person has written to the line, or send a short text without links first.',
		kind: 'neverReplied',
	},
	{
		phrase: /(not|un)[\s-]?(yet )?verified|verif(y|ied) (this |the |your )?(contact|recipient)|verified[\s_-]contact/i,
		explanation: 'On a free plan Sendblue only sends to verified contacts, and this recipient is not one yet.',
		advice: 'Have the recipient send one message to your shared line first, or move to a paid plan.',
	},
	{
		phrase: /backlog|queue (is )?(full|limit)|too many (queued|pending)/i,
		explanation: 'The line already has as many messages waiting as Sendblue queues (about 1,500).',
		advice: 'Wait until the line has sent them, or spread the messages over several lines.',
	},
	{
		phrase: /new[\s_-]contact/i,
		explanation: 'The line has met as many new contacts as Sendblue allows for now.',
		advice: "Wait for the next slot (Sendblue's line usage names it), or send from another line.",
	},
	{
		phrase: /no route mapping/i,
		explanation: 'There is no conversation between this line and this number yet.',
		advice: 'Send a message first, or choose the line that has talked with this number.',
	},
	{
		phrase: /from_number.{0,60}(not|isn'?t) (registered|found|valid|yours|owned|associated)|line not registered/i,
		explanation: "The number in From is not one of the account's lines.",
		advice: "Choose one of the account's lines in From.",
	},
	{
		phrase:
			/(missing|required|must|specify|provide|valid).{0,60}from_number|from_number.{0,60}(missing|required|must)/i,
		explanation: 'Sendblue needs the line to send from, and the request did not name a valid one.',
		advice: "Choose one of the account's lines in From.",
	},
	{
		phrase: /content.{0,40}(missing|required|must)|(missing|required|must|specify|provide).{0,40}content\b/i,
		path: /send-group-message/,
		explanation: 'Sendblue asks for text with a group message.',
		advice: 'Fill in the text to go with the voice note.',
	},
	{
		phrase: /content.{0,40}(missing|required|must)|(missing|required|must|specify|provide).{0,40}content\b/i,
		explanation: 'Sendblue asks for text or a media URL, and the request had neither.',
		advice: 'Fill in the text, or give an audio file.',
	},
	{
		phrase: /content[\s-]type/i,
		explanation: 'Sendblue did not recognise the form of the request.',
		advice: 'Check the base URL in the credential, and whether a proxy in between changes requests.',
	},
	{
		phrase: /media_?\s?(url|file)/i,
		explanation: 'Sendblue could not use the media URL.',
		advice:
			"The URL must be public, unsigned, free of spaces, and end in the file's extension. Re-Host uploads it instead.",
	},
	{
		phrase: /seat/i,
		explanation: 'Sendblue does not know the seat named in the request.',
		advice: 'Use a seat ID of this account, or leave the seat out.',
	},
	{
		phrase: /(at most|max(imum)?|more than|limit of|up to) 25|too many (participants|recipients|numbers)/i,
		explanation: 'The group has more people than Sendblue allows (25).',
		advice: 'Send to a smaller group, or to several.',
	},
	{
		phrase: /invalid[\w\s]{0,30}(phone|number)|(phone|number)[\w\s]{0,30}(invalid|not valid|malformed)|e\.?164/i,
		explanation: 'Sendblue does not accept the phone number.',
		advice: 'Write it with a plus sign and country code, as in +15551234567, or set Default Country.',
	},
	{
		phrase: /already exists/i,
		explanation: 'There is such an entry already.',
		advice: 'Update it instead of creating it.',
	},
	{
		phrase:
			/(upgrade|plan|tier|sapphire).{0,60}(required|needed|above|upgrade|available|support|include)|not available on/i,
		explanation: "The account's plan does not include this.",
		advice: 'Ask Sendblue which plan includes it, or leave this step out.',
	},
	{
		phrase: /inconclusive/i,
		explanation: 'Sendblue could not tell at the moment whether the number has iMessage.',
		advice: 'Ask again later; it says nothing about whether a message arrives.',
	},
	{
		codes: ['4000'],
		explanation: 'Sendblue found something in the request that it does not accept.',
		advice: "Compare the fields with Sendblue's words.",
	},
	{
		codes: ['5000'],
		path: SEND_PATH,
		explanation: 'Something went wrong inside Sendblue.',
		advice: 'Look the message up in Sendblue before you send it again: it may have been taken.',
	},
	{
		codes: ['5000'],
		explanation: 'Something went wrong inside Sendblue.',
		advice: 'Run the item again later; status.sendblue.com may say more.',
	},
	{
		codes: ['10001'],
		explanation: 'Sendblue tried to send the message and did not succeed.',
		advice: 'Check the number and the state of the line; then the item can be run again.',
	},
	{
		codes: ['22'],
		explanation: 'The message was not delivered; Sendblue does not document why it uses this code (22).',
		advice: "Check whether the number can receive messages, or ask Sendblue's support.",
	},
	{
		httpStatus: [401],
		explanation: 'Sendblue did not accept the API key.',
		advice:
			'Check key ID and secret key in the credential (Sendblue dashboard, Settings, API); rotating them voids the old pair.',
	},
	{
		httpStatus: [403],
		explanation: 'The API key is not allowed to do this.',
		advice: "Check the key in the credential, the account's plan, and that the line belongs to the account.",
	},
	{
		httpStatus: [402],
		explanation: "The account's plan or balance does not cover this.",
		advice: 'Check plan and payment in the Sendblue dashboard.',
	},
	{
		httpStatus: [404],
		path: /^\/api\/(v2\/messages|message|status)/,
		explanation: 'Sendblue has no message with this handle.',
		advice: 'Check the message handle, and that it belongs to this account.',
	},
	{
		httpStatus: [404],
		path: /^\/api\/v2\/contacts\//,
		explanation: 'Sendblue has no contact with this number.',
		advice: 'Check the number, or add the contact with Create or Update.',
	},
	{
		httpStatus: [404],
		explanation: 'Sendblue does not know what the request asks for.',
		advice: 'Check the identifier or number, the line in From, and the base URL in the credential.',
	},
	{
		httpStatus: [409],
		explanation: 'The request contradicts what Sendblue already has.',
		advice: 'Look at the present state in Sendblue, then adjust the request.',
	},
	{
		httpStatus: [413],
		explanation: 'The file is larger than Sendblue takes (100 MB; far less for SMS).',
		advice: 'Use a shorter recording or a lower bitrate.',
	},
	{
		httpStatus: [415],
		explanation: 'Sendblue does not take this kind of file or request.',
		advice: "Check the file's extension and the base URL in the credential.",
	},
	{
		httpStatus: [429],
		path: SEND_PATH,
		explanation: 'Messages came faster than Sendblue takes them, or the line has too many waiting.',
		advice: 'Run the item again later, lower the number of messages per second, or use more lines.',
	},
	{
		httpStatus: [429],
		explanation: 'Requests came faster than Sendblue takes them.',
		advice: 'Run the item again later.',
	},
	{
		httpStatus: [408, 504],
		explanation: 'Sendblue did not finish the request in time.',
		advice: 'Run the item again later.',
	},
	{
		httpStatus: [400, 422],
		explanation: 'Sendblue found something in the request that it does not accept.',
		advice: "Compare the fields with Sendblue's words.",
	},
];

/**
 * Explains a refusal: by code and phrase first, then by HTTP status. What is not known is said to be Sendblue's
 * answer, so that its words stand for themselves.
 */
export function explain(refusal: Refusal): Explanation {
	const row = ROWS.find((candidate) => fits(candidate, refusal));
	if (row) return { explanation: row.explanation, advice: row.advice, kind: row.kind };

	const status = refusal.httpStatus ?? 200;
	if (status >= 500) {
		return {
			explanation: 'Sendblue is not working as it should at the moment.',
			advice: 'Run the item again later; status.sendblue.com may say more.',
		};
	}
	if (status >= 300 && status < 400) {
		return {
			explanation: 'The server answered with a redirect.',
			advice: 'Check the base URL in the credential.',
		};
	}
	return {
		explanation: 'Sendblue refused the request.',
		advice: "See Sendblue's words; its support can say more about the code.",
	};
}

function fits(row: Row, refusal: Refusal): boolean {
	if (row.codes && !row.codes.some((code) => code.toLowerCase() === refusal.code?.toLowerCase())) return false;
	if (row.phrase && !(row.phrase.test(refusal.words ?? '') || row.phrase.test(refusal.code ?? ''))) return false;
	if (row.httpStatus && !row.httpStatus.includes(refusal.httpStatus ?? 0)) return false;
	if (row.path && !row.path.test(refusal.path)) return false;
	return true;
}
