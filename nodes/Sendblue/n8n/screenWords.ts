import type { ErrorKind, RefusedRequest } from '../sendblue/errors';
import type { VoiceNoteErrorKind } from '../voiceNote/errors';
import { listed } from './wording';

/** Fields of every message, whoever it goes to. */
const MESSAGE_FIELDS = {
	from_number: 'From',
	content: 'Text',
	reply_to: 'Reply To',
	seat_id: 'Seat Name or ID',
	send_style: 'Effect',
	status_callback: 'Status Callback URL',
};

/**
 * The editor's names for the fields of Sendblue's API, by the path of the request; the first path that matches decides.
 */
const FIELD_NAMES: readonly [path: RegExp, names: Readonly<Record<string, string>>][] = [
	[/^\/api\/send-message$/, { number: 'To', ...MESSAGE_FIELDS }],
	[/^\/api\/send-group-message$/, { group_id: 'Group', numbers: 'Numbers', number: 'Numbers', ...MESSAGE_FIELDS }],
	[/^\/api\/create-group$/, { from_number: 'From', numbers: 'Numbers', number: 'Numbers', group_name: 'Group Name' }],
	[/^\/api\/modify-group$/, { group_id: 'Group', number: 'Phone Number', from_number: 'From' }],
	[
		/^\/api\/v2\/groups\//,
		{ group_id: 'Group', group_name: 'Group Name', photo_url: 'Photo URL', from_number: 'From' },
	],
	[
		/^\/api\/send-reaction$/,
		{ message_handle: 'Message Handle', reaction: 'Reaction', part_index: 'Part Index', from_number: 'From' },
	],
	[/^\/api\/mark-read$/, { number: 'To', from_number: 'From' }],
	[
		/^\/api\/send-typing-indicator$/,
		{ number: 'To', from_number: 'From', state: 'State', max_duration_ms: 'Maximum Duration (Seconds)' },
	],
	[/^\/api\/evaluate-service$/, { number: 'Phone Number' }],
	[/^\/api\/(v2\/messages\/.|message\/)/, { message_handle: 'Message Handle' }],
	[
		/^\/api\/v2\/messages$/,
		{
			number: 'Phone Number',
			sendblue_number: 'Line',
			group_id: 'Group',
			status: 'Status',
			service: 'Service',
			message_type: 'Message Type',
			sent_at_gte: 'Sent After',
			sent_at_lte: 'Sent Before',
			updated_at_gte: 'Updated After',
			order_by: 'Order By',
			order_direction: 'Order Direction',
		},
	],
	[/^\/api\/v2\/contacts\/bulk$/, { contacts: 'Contacts', number: 'Contacts' }],
	[
		/^\/api\/v2\/contacts/,
		{
			number: 'Contact',
			assigned_to_email: 'Assigned To Email',
			company_name: 'Company Name',
			custom_variables: 'Custom Variables',
			first_name: 'First Name',
			last_name: 'Last Name',
			sendblue_number: 'Line',
			tags: 'Tags',
			cid: 'Contact ID',
			created_at_gte: 'Created After',
			order_direction: 'Order Direction',
		},
	],
	[/^\/v3\/verified-contacts/, { phone_number: 'Contact', number: 'Contact' }],
	[
		/^\/api\/v2\/contact-sharing\//,
		{
			fromNumber: 'From',
			from_number: 'From',
			toNumber: 'To',
			number: 'To',
			firstName: 'First Name',
			lastName: 'Last Name',
			photoUrl: 'Photo URL',
		},
	],
	[/^\/api\/upload-media-object$/, { media_url: 'Media URL' }],
];

/** The editor's name for a field of a request; undefined if the editor has no such field. */
function fieldName(path: string, field: string): string | undefined {
	return FIELD_NAMES.find(([pattern]) => pattern.test(path))?.[1][field];
}

/** The editor's names for a request's fields, without duplicates. */
function fieldNames({ path }: RefusedRequest, fields: readonly string[]): string[] {
	return [...new Set(fields.flatMap((field) => fieldName(path, field) ?? []))];
}

/** All names, for the test that the editor shows each of them. */
export const ALL_FIELD_NAMES: readonly string[] = FIELD_NAMES.flatMap(([, names]) => Object.values(names));

/** A hint in the words of the editor: it replaces the error's own hint, or follows it. */
type ScreenHint = { instead: string } | { also: string };

/** Hints that name fields, options, operations and credentials, which `sendblue/` and `sending/` do not know. */
const HINTS: Readonly<Partial<Record<ErrorKind, ScreenHint>>> = {
	baseUrl: { also: "It is 'Base URL' in the credential; empty means Sendblue's own." },
	duplicatesUnchecked: { also: 'Without the option Avoid Duplicates no check is made.' },
	foreignLine: { also: "Choose one of them in 'From'." },
	groupLine: { also: "Choose it in 'From', which is among the options of some operations." },
	keysMissing: { instead: 'Fill in both keys in the credential (Sendblue dashboard, Settings → API).' },
	lineAllowance: { also: "Or set 'When the Line's Allowance Is Used Up' to Skip, and go on from the item's output." },
	mediaUrl: { also: "Or switch on 'Re-Host', so that the file is uploaded to Sendblue instead." },
	neverReplied: { also: "The option 'If Never Replied' decides this before anything is converted." },
	neverRepliedUnchecked: { also: "Without the option 'If Never Replied' no check is made." },
	noCard: { instead: 'Publish one first with Contact Card: Set.' },
	noIMessage: { also: "Or change 'If Recipient Has No iMessage'." },
	noTextInstead: { also: "Fill in 'Text', or change the option." },
	notAllowed: { also: 'If keys were replaced, put the new ones into the credential.' },
	notFound: { also: "Look at 'From' first; 'Base URL' is in the credential." },
	notVerified: { also: 'Contact: Verify tells which line that is, and whether it was done.' },
	phoneNumber: { also: "For numbers without a country code, set 'Default Country'." },
	refusedValue: { instead: 'Correct it at its source, then run the item again.' },
	tagLost: { also: 'Without the option Avoid Duplicates the message is sent.' },
	textMissing: { also: "It goes into 'Text'." },
	tooFast: { also: "'Messages per Second' (Sending) sets the pace." },
	unknownContact: { instead: 'Check the number, or add the contact with Contact: Create or Update.' },
	unknownGroup: { instead: 'Choose the group from the list, or use the group_id of one of its messages.' },
	wrongKeys: {
		instead:
			'Copy key ID and secret key again into the credential (Sendblue dashboard, Settings → API). Keys that were replaced there no longer work.',
	},
};

/** The parts of an error of Sendblue, or about a value for it, that are shown. */
interface SendblueComplaint {
	message: string;
	hint: string;
	kind?: ErrorKind;
	request?: RefusedRequest;
}

/** Fields that the kind of error alone identifies, without a request. */
const FIELDS: Readonly<Partial<Record<ErrorKind, string>>> = { foreignLine: 'From' };

/** The message of such an error, prefixed with the editor's name of the field at fault. */
export function messageOnScreen({ message, kind, request }: SendblueComplaint): string {
	const byKind = kind && FIELDS[kind];
	const blamed = request ? fieldNames(request, request.blamed) : byKind ? [byKind] : [];
	return blamed.length === 0 ? message : `${listed(blamed)}: ${message}`;
}

/** The hint of such an error, with what to do in the editor. */
export function hintOnScreen({ hint, kind, request }: SendblueComplaint): string {
	const screen = kind && HINTS[kind];
	const known = !screen ? hint : 'instead' in screen ? screen.instead : `${hint} ${screen.also}`.trim();
	if (kind !== 'refusedValue' || !request || request.blamed.length > 0) return known;
	const asked = fieldNames(request, request.fields);
	if (asked.length === 0) return known;
	// If the file was uploaded, the address comes from the upload and not from a field.
	const orFile = request.fields.includes('media_url') ? ', or about the file' : '';
	return `It is about one of these fields${orFile}: ${listed(asked)}. ${known}`;
}

/** Where an item's audio comes from, as *Audio Source* says. */
export type AudioSource = 'binary' | 'url' | 'base64';

const SHARE_LINKS =
	'Share links (Google Drive, Dropbox, OneDrive and the like) open a page, not the file: use the address of the file itself, ' +
	"or get the file with that service's own node and set 'Audio Source' to Binary File.";

const LOOK_AT_FIELD = 'Check what the previous step put there:';

const EMPTY_FILE = 'check the step that makes it or downloads it.';

const AUDIO_FILE = 'an audio file, such as MP3, M4A, WAV, Ogg, WebM, FLAC or CAF.';

const OTHER_FILE = {
	url: `Check that 'Audio URL' leads to ${AUDIO_FILE}`,
	binary: `Check that 'Input Data Field Name' names ${AUDIO_FILE}`,
	base64: `Check that 'Audio as Base64' holds ${AUDIO_FILE}`,
};

/** Hints about bytes that are not readable audio, by the audio source. */
const BY_SOURCE: Readonly<Partial<Record<VoiceNoteErrorKind, Readonly<Record<AudioSource, string>>>>> = {
	webPage: {
		url: `${SHARE_LINKS} If the page asks for a login, the file must be made public first.`,
		binary: `${LOOK_AT_FIELD} it may have downloaded a page in place of the file, as share links (Google Drive, Dropbox and the like) do.`,
		base64: `${LOOK_AT_FIELD} it may have downloaded a page in place of the file.`,
	},
	message: {
		url: 'Open the address in a private browser window: it must give the file itself.',
		binary: `${LOOK_AT_FIELD} it may be a message of the service, or an address in place of the file.`,
		base64: `${LOOK_AT_FIELD} it may be a message of the service. Choose the field that holds the audio.`,
	},
	base64Text: {
		url: "Download it in an HTTP Request node as text, and set 'Audio Source' to Base64.",
		binary: "Set 'Audio Source' to Base64 and use an expression that returns the text.",
		base64: 'The text was encoded twice: decode it once first.',
	},
	emptyFile: {
		url: "Open the address in 'Audio URL' in a private browser window: it must give the file itself.",
		binary: `The file in 'Input Data Field Name' has no bytes: ${EMPTY_FILE}`,
		base64: `The text in 'Audio as Base64' holds no bytes: ${EMPTY_FILE}`,
	},
	otherFile: OTHER_FILE,
	unknownBytes: OTHER_FILE,
};

const RAW_PCM = "For raw PCM, which has no header, set the options under 'Raw PCM'.";

/** Hints about errors of the conversion that do not depend on the audio source. */
const CONVERSION_HINTS: Readonly<Partial<Record<VoiceNoteErrorKind, ScreenHint>>> = {
	engine: {
		instead: "Set 'Engine' to Automatic, Built-In or FFmpeg; in an expression, return automatic, builtIn or ffmpeg.",
	},
	ffmpegMissing: {
		instead:
			"Set 'Engine' to Automatic or Built-In, or install fluent-ffmpeg and ffmpeg-static next to n8n on your own server, with npm's install scripts enabled, since they download the program (docs/formats.md).",
	},
	ffmpegReads: {
		also: 'On your own server FFmpeg can be installed next to n8n; it reads most such files (docs/formats.md).',
	},
	pcmFormat: {
		instead:
			"Set the options 'Raw PCM Format', 'Raw PCM Sample Rate (Hz)' and 'Raw PCM Channels' as the service that made the audio describes it. n8n's HTTP Request node drops the part of the media type that states it.",
	},
	tooLong: {
		instead: "Shorten it, raise 'Maximum Duration (Seconds)', or set 'When Longer' to Cut.",
	},
	unknownBytes: { also: RAW_PCM },
};

/** The parts of an error of the conversion that the hint depends on. */
interface ConversionComplaint {
	hint: string;
	kind?: VoiceNoteErrorKind;
}

/** The hint of an error of the conversion, with what to do in the editor. */
export function conversionHint({ hint, kind }: ConversionComplaint, source: AudioSource = 'binary'): string {
	if (kind === undefined) return hint;
	const known = BY_SOURCE[kind]?.[source] ?? hint;
	const screen = CONVERSION_HINTS[kind];
	if (!screen) return known;
	return 'instead' in screen ? screen.instead : `${known} ${screen.also}`;
}
