import type { ErrorKind } from './errors';

/** The parts of a refusal that are known. */
export interface Refusal {
	/** Undefined if the refusal came in the body of a 2xx answer. */
	httpStatus?: number;
	code?: string;
	words?: string;
	/** Path of the request. */
	path: string;
}

/** In plain words: what happened, and what to do. */
export interface Explanation {
	explanation: string;
	hint: string;
	/** Set if a caller may add to the text. */
	kind?: ErrorKind;
	/** The field of the request that the refusal is about; used if Sendblue's words name none. */
	field?: string;
}

/** A row applies if all conditions it gives hold. */
interface Row extends Explanation {
	codes?: readonly string[];
	/** Must match the words or the code. */
	phrase?: RegExp;
	httpStatus?: readonly number[];
	path?: RegExp;
}

/** Paths of the requests that send a message; a handle in the answer is that message's. */
export const SEND_PATH = /^\/api\/send-(message|group-message|carousel)$/;
const GROUP_PATH = /^\/api\/(v2\/groups\/|modify-group|send-group-message)/;

const MEMBERS_PATH = /^\/api\/modify-group$/;

const LINE_HINT = "Use one of the account's lines.";
/** Matches words about a message without text; "content" in "content type" or "media content" does not count. */
const TEXT_MISSING =
	/(?<!media )\bcontent\b(?![\s-]type).{0,40}(missing|required|must)|(missing|required|must|specify|provide).{0,40}(?<!media )\bcontent\b(?![\s-]type)/i;

/** Matches complaints about the file of a message. */
const MEDIA =
	/\bmedia_?\s?(url|file)|\b(media|attachments?)\b.{0,40}(fetch|download|access|reach|load|support|invalid|large|size|type|format|found)|(fetch|download|access|reach|load|unsupported|invalid).{0,40}\b(media|attachments?)\b/i;

const LATER = 'Try it again later.';
const LATER_OR_STATUS = 'Try it again later; status.sendblue.com may say more.';

/**
 * All known codes and phrases, the specific before the general; the first row that applies is used.
 *
 * Sources: Sendblue's documentation (error codes, limits, line usage, read receipts, reactions, groups), its SDK (npm
 * `sendblue` 3.17.0), and captured answers.
 */
const ROWS: readonly Row[] = [
	{
		codes: ['SMS_LIMIT_REACHED'],
		explanation: 'The line has used up its allowance of SMS messages.',
		hint: 'Wait a few hours, or send from another line. Recipients with iMessage do not count against it.',
	},
	{
		codes: ['4002'],
		explanation: 'Sendblue does not send to this number: it is on its block list (emergency numbers, for example).',
		hint: 'Take the number out of the list of recipients.',
		field: 'number',
	},
	{
		codes: ['5509'],
		explanation: 'The line has sent as many messages as Sendblue allows within its time window.',
		hint: 'Wait until the window has passed, send more slowly, or use another line.',
		kind: 'tooFast',
	},
	{
		codes: ['4001', '5003'],
		path: SEND_PATH,
		explanation: 'Messages came faster than Sendblue takes them.',
		hint: 'Try it again later, and send more slowly.',
		kind: 'tooFast',
	},
	{
		codes: ['4001', '5003'],
		explanation: 'Requests came faster than Sendblue takes them.',
		hint: LATER,
	},
	{
		codes: ['10002'],
		explanation: 'Sendblue took the message but could not find out what became of it.',
		hint: 'Look the message up in Sendblue before you send it again: it may have arrived.',
	},
	{
		codes: ['INVALID_REACTION'],
		explanation: 'Sendblue does not take this reaction.',
		hint: 'Use love, like, dislike, laugh, emphasize, question or a single emoji. Only a reaction that was given can be taken back.',
		field: 'reaction',
	},
	{
		phrase: /line_not_registered/i,
		path: GROUP_PATH,
		explanation: "None of the account's available lines takes part in this group.",
		hint: 'Use a line of the account that takes part in the group.',
		kind: 'groupLine',
		field: 'from_number',
	},
	{
		phrase: /line_not_registered/i,
		explanation: 'The line is not registered with the account.',
		hint: LINE_HINT,
		kind: 'foreignLine',
		field: 'from_number',
	},
	{
		phrase: /ambiguous_sending_line/i,
		explanation: "Several of the account's lines take part in this group, and none was named.",
		hint: 'Name the line to use.',
		kind: 'groupLine',
		field: 'from_number',
	},
	{
		phrase: /unsupported_line/i,
		explanation:
			'This line cannot change the name or the photo of the group: it must be online, take part in it, and be of a type that Sendblue does this for.',
		hint: 'Use another line that takes part in the group, or ask Sendblue which lines can do it.',
		kind: 'groupLine',
		field: 'from_number',
	},
	{
		phrase: /\bopt(ed)?[\s_-]?out/i,
		explanation: 'The recipient has opted out of messages from this account.',
		hint: 'Do not write to this number until the person writes to your line or opts in again.',
	},
	{
		phrase:
			/(\b(before|until|unless|never)\b|\b(contact|recipient|person|customer|number|user|they)\b[\w\s,'’]{0,40}(\bnot|n['’]t)\b)[\w\s,'’]{0,60}\b(repl(y|ied|ies)|respond(ed|s)?|written (back|to)|messaged? (you|your|the line))\b|pre[_\s-]?reply/i,
		path: SEND_PATH,
		explanation:
			'Until a person has written to the line, Sendblue lets it send them only a few short texts, no media and no links.',
		hint: 'Wait until the person has written to the line, or send a short text without links first.',
		kind: 'neverReplied',
	},
	{
		phrase: /(not|un)[\s-]?(yet )?verified|verif(y|ied) (this |the |your )?(contact|recipient)|verified[\s_-]contact/i,
		explanation: 'On a free plan Sendblue only sends to verified contacts, and this recipient is not one yet.',
		hint: 'Have the recipient send one message to your shared line first, or move to a paid plan.',
		kind: 'notVerified',
	},
	{
		phrase: /backlog|queue (is )?(full|limit)|too many (queued|pending)/i,
		explanation: 'The queue of the line is full: Sendblue keeps about 1,500 messages waiting.',
		hint: 'Wait until the line has sent them, or spread the messages over several lines.',
	},
	{
		phrase:
			/new[\s_-]contacts?\b.{0,60}(limit|allow|reach|max|exceed|quota|per)|(limit|allow|reach|max|exceed|quota).{0,60}new[\s_-]contacts?\b/i,
		explanation: 'The line has written to as many new contacts as Sendblue allows for now.',
		hint: "Wait for the next slot (Sendblue's line usage shows when that is), or send from another line.",
		kind: 'lineAllowance',
	},
	{
		phrase: /no route mapping|no imessage (conversation|chat)/i,
		explanation: 'There is no conversation between this line and this number yet.',
		hint: 'Send a message first, or choose the line that has talked with this number.',
	},
	{
		phrase: /no (contact )?(profile|card)/i,
		path: /contact-sharing/,
		explanation: 'The line has no contact card yet.',
		hint: 'Publish one first.',
		kind: 'noCard',
	},
	{
		phrase: /from_number.{0,60}(not|isn'?t) (registered|found|valid|yours|owned|associated)|line not registered/i,
		explanation: "This number is not one of the account's lines.",
		hint: LINE_HINT,
		kind: 'foreignLine',
		field: 'from_number',
	},
	{
		phrase:
			/(missing|required|must|specify|provide|valid).{0,60}from_number|from_number.{0,60}(missing|required|must)/i,
		explanation: 'Sendblue needs the line to send from, and the request did not name a valid one.',
		hint: LINE_HINT,
		kind: 'foreignLine',
		field: 'from_number',
	},
	{
		phrase: /\breply_to\b|\breplyTo\b|\bthread_originator\b/,
		explanation: 'Sendblue knows no message with this handle in this conversation and on this line.',
		hint: 'Use the message_handle of a message of the same conversation and line.',
		field: 'reply_to',
	},
	{
		phrase:
			/\bgroup(?![\s_]?(name|photo|display|size|of))\b.{0,20}(not found|does not exist|unknown|invalid)|\bgroup_id.{0,20}(not found|does not exist|unknown|invalid)|(unknown|no such|invalid) group(?![\s_]?(name|photo|display|size))/i,
		explanation: 'Sendblue knows no group with this ID.',
		hint: "Use the group_id of one of the group's messages.",
		kind: 'unknownGroup',
		field: 'group_id',
	},
	{
		phrase:
			/group.{0,30}(at least|needs|minimum|fewer|less).{0,20}\b(4|four)\b|\b(4|four)\b.{0,30}(members|participants|people)/i,
		path: GROUP_PATH,
		explanation: 'A person can only be removed from a group of at least four members, your line among them.',
		hint: 'Leave the group as it is, or make a new one.',
	},
	{
		phrase: /already (in (the|this|that|your) (group|chat|conversation)|(a )?(member|participant|part of)\b)/i,
		path: MEMBERS_PATH,
		explanation: 'This person is already in the group.',
		hint: 'There is nothing to do for this person.',
		field: 'number',
	},
	{
		phrase: /not (in (the|this|that|your) (group|chat|conversation)|(a )?(member|participant|part of)\b)/i,
		path: MEMBERS_PATH,
		explanation: 'This person is not in the group.',
		hint: 'Look at the members of the group, and use the number or email address listed there.',
		field: 'number',
	},
	{
		phrase: TEXT_MISSING,
		path: /send-group-message/,
		explanation: 'Sendblue asks for text with a group message.',
		hint: 'Add text.',
		kind: 'textMissing',
		field: 'content',
	},
	{
		phrase: /(?<!media )\bcontent\b(?![\s-]type).{0,40}(longer|too long|at most|max|exceed)/i,
		explanation: 'The text is longer than Sendblue takes.',
		hint: 'Shorten it, or send it in several messages.',
		field: 'content',
	},
	{
		phrase: TEXT_MISSING,
		explanation: 'Sendblue asks for text or a media URL, and the request had neither.',
		hint: 'Add text or a file.',
		kind: 'textMissing',
	},
	{
		phrase: /content[\s-]type/i,
		explanation: 'Sendblue did not recognize the form of the request.',
		hint: 'Check the base URL, and whether a proxy in between changes requests.',
		kind: 'baseUrl',
	},
	{
		phrase: MEDIA,
		explanation: 'Sendblue could not use the media URL.',
		hint: "The URL must be public, unsigned, free of spaces, and end in the file's extension.",
		kind: 'mediaUrl',
	},
	{
		phrase: /\bseat(_id)?s?\b/i,
		explanation: 'Sendblue has no such seat.',
		hint: 'Use a seat of this account, or leave it out.',
		field: 'seat_id',
	},
	{
		phrase: /(at most|max(imum)?|more than|limit of|up to) 25\b|too many (participants|recipients|numbers)/i,
		explanation: 'The group has more people than Sendblue allows (25).',
		hint: 'Send to a smaller group, or to several.',
		field: 'numbers',
	},
	{
		phrase:
			/invalid[\w\s]{0,30}\b(phone|number(?!s? of\b))|\b(phone|number(?!s? of\b))[\w\s]{0,30}(invalid|not valid|malformed)|\be\.?164\b/i,
		explanation: 'Sendblue does not accept the phone number.',
		hint: 'Write it with a plus sign and country code, as in +15551234567.',
		kind: 'phoneNumber',
		field: 'number',
	},
	{
		phrase: /already exists/i,
		explanation: 'This entry already exists.',
		hint: 'Update it instead of creating it.',
	},
	{
		phrase: /did not get inputs for authorization|(missing|no) (api[\s_-]?)?(keys?|credentials)\b/i,
		explanation: 'Sendblue got no API keys.',
		hint: 'Enter both the key ID and the secret key.',
		kind: 'keysMissing',
	},
	{
		phrase:
			/\b(upgrade|plan|tier|sapphire)\b.{0,60}(required|needed|above|upgrade|available|support|include)|not available on/i,
		explanation: "The account's plan does not include this.",
		hint: 'Ask Sendblue which plan includes it, or leave this step out.',
	},
	{
		phrase: /inconclusive/i,
		explanation: 'Sendblue could not determine at the moment whether the number has iMessage.',
		hint: 'Try again later. A message to this number may still get through.',
	},
	{
		codes: ['5000'],
		path: SEND_PATH,
		explanation: 'Something went wrong inside Sendblue.',
		hint: 'Look the message up in Sendblue before you send it again: it may have been accepted.',
	},
	{
		codes: ['5000'],
		explanation: 'Something went wrong inside Sendblue.',
		hint: LATER_OR_STATUS,
	},
	{
		codes: ['10001'],
		explanation: 'Sendblue tried to send the message and did not succeed.',
		hint: 'Check the number and the state of the line, then send it again.',
	},
	{
		codes: ['22'],
		explanation: 'The message was not delivered; Sendblue does not document what the code 22 means.',
		hint: "Check whether the number can receive messages, or ask Sendblue's support.",
	},
	{
		httpStatus: [401],
		explanation: 'Sendblue did not accept the API keys.',
		hint: 'Copy the key ID and the secret key again from the Sendblue dashboard (Settings → API). Keys that were replaced there no longer work.',
		kind: 'wrongKeys',
	},
	{
		httpStatus: [403],
		explanation: 'The API keys are not allowed to do this.',
		hint: "Check the account's plan, and that the line belongs to the account.",
		kind: 'notAllowed',
	},
	{
		httpStatus: [402],
		explanation: "The account's plan or balance does not cover this.",
		hint: 'Check your plan and payment in the Sendblue dashboard.',
	},
	{
		httpStatus: [404],
		path: /^\/api\/(v2\/messages|message|status|send-reaction)/,
		explanation: 'Sendblue has no message with this handle.',
		hint: 'Check the message handle, and that it belongs to this account.',
		field: 'message_handle',
	},
	{
		httpStatus: [404],
		path: /^\/(api\/v2\/contacts|v3\/verified-contacts)\/./,
		explanation: 'Sendblue has no contact with this number.',
		hint: 'Check the number, or add the contact first.',
		kind: 'unknownContact',
		field: 'number',
	},
	{
		httpStatus: [404],
		path: GROUP_PATH,
		explanation: 'Sendblue knows no group with this ID.',
		hint: "Use the group_id of one of the group's messages.",
		kind: 'unknownGroup',
		field: 'group_id',
	},
	{
		httpStatus: [404],
		explanation: 'Sendblue could not find what the request refers to.',
		hint: 'Check the line, the other values, and the base URL.',
		kind: 'notFound',
	},
	{
		httpStatus: [409],
		explanation: 'The request contradicts what Sendblue already has.',
		hint: 'Look at the current state in Sendblue, then adjust the request.',
	},
	{
		httpStatus: [413],
		path: /\/photo$/,
		explanation: 'The picture is larger than Sendblue takes (5 MB).',
		hint: 'Use a smaller one.',
		field: 'photo_url',
	},
	{
		httpStatus: [413],
		explanation: 'The file is larger than Sendblue takes (100 MB; far less for SMS).',
		hint: 'Use a shorter recording or a lower bitrate.',
	},
	{
		httpStatus: [415],
		explanation: 'Sendblue does not take this kind of file or request.',
		hint: "Check the file's extension and the base URL.",
		kind: 'baseUrl',
	},
	{
		httpStatus: [429],
		path: SEND_PATH,
		explanation: 'Messages came faster than Sendblue takes them, or the line has too many waiting.',
		hint: 'Try it again later, send more slowly, or use more lines.',
		kind: 'tooFast',
	},
	{
		httpStatus: [429],
		explanation: 'Requests came faster than Sendblue takes them.',
		hint: LATER,
	},
	{
		httpStatus: [408, 504],
		explanation: 'Sendblue did not finish the request in time.',
		hint: LATER,
	},
	{
		codes: ['4000'],
		explanation: 'Sendblue did not accept the request.',
		hint: 'Correct what Sendblue complains about, then try again.',
		kind: 'refusedValue',
	},
	{
		httpStatus: [400, 422],
		explanation: 'Sendblue did not accept the request.',
		hint: 'Correct what Sendblue complains about, then try again.',
		kind: 'refusedValue',
	},
];

/**
 * Explains a refusal by the first row that applies, else by the class of its HTTP status. If neither says anything, the
 * explanation is only that Sendblue refused the request; the error adds Sendblue's own words.
 */
export function explain(refusal: Refusal): Explanation {
	const row = ROWS.find((candidate) => fits(candidate, refusal));
	if (row) return { explanation: row.explanation, hint: row.hint, kind: row.kind, field: row.field };

	const status = refusal.httpStatus ?? 200;
	if (status >= 500) {
		return {
			explanation: 'Sendblue is not working as it should at the moment.',
			hint: LATER_OR_STATUS,
		};
	}
	if (status >= 300 && status < 400) {
		return {
			explanation: 'The server answered with a redirect.',
			hint: 'Check the base URL.',
			kind: 'baseUrl',
		};
	}
	return {
		explanation: 'Sendblue refused the request.',
		hint: "See Sendblue's words; its support can say more about the code.",
	};
}

function fits(row: Row, refusal: Refusal): boolean {
	if (row.codes && !row.codes.some((code) => code.toLowerCase() === refusal.code?.toLowerCase())) return false;
	if (row.phrase && !(row.phrase.test(refusal.words ?? '') || row.phrase.test(refusal.code ?? ''))) return false;
	if (row.httpStatus && !row.httpStatus.includes(refusal.httpStatus ?? 0)) return false;
	if (row.path && !row.path.test(refusal.path)) return false;
	return true;
}
