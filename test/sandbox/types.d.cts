/** Shapes shared by the sandbox's modules and by the tests that drive it. */

import type { IncomingMessage, ServerResponse } from 'node:http';

export type Service = 'iMessage' | 'SMS' | 'RCS';

/** Media behind a message, as the sandbox fetched it when it accepted the message. */
export interface MessageMedia {
	url: string;
	fileName: string;
	contentType: string | null;
	/** Size in bytes; null where the media could not be fetched. */
	size: number | null;
	/** Lower-case hex SHA-256 of the bytes. */
	sha256: string | null;
	base64: string | null;
	/** Why the media has no bytes: a foreign host, or a failed download. */
	error: string | null;
}

/** A message as Sendblue's API shows it, in both documented spellings. */
export interface MessageView {
	accountEmail: string;
	account_email: string;
	content: string;
	is_outbound: boolean;
	status: string;
	error_code: number | string | null;
	error_message: string | null;
	error_reason: string | null;
	error_detail: string | null;
	message_handle: string;
	date_sent: string;
	date_created: string;
	date_updated: string;
	from_number: string;
	number: string | string[];
	to_number: string | string[];
	was_downgraded: boolean | null;
	plan: string;
	media_url: string;
	message_type: 'message' | 'group';
	group_id: string;
	participants: string[];
	send_style: string;
	opted_out: boolean;
	sendblue_number: string;
	service: Service | null;
	group_display_name: string | null;
	seat_id: string | null;
	sender_email: string | null;
	reply_to: { message_handle: string; part_index?: number } | null;
	/** The message that a thread began with; only in replies. */
	thread_originator?: { message_handle: string; part?: string };
}

/** A message as the store keeps it: what the API shows, and what only the sandbox knows. */
export interface StoredMessage {
	view: MessageView;
	/** Route the recipient's device decides; shown as `service` once the message was sent. */
	route: Service;
	/** Path the message came in by, and the body as it was sent. */
	endpoint: string;
	request: Record<string, unknown>;
	media: MessageMedia | null;
	statusCallback: string | null;
	/** Time in ms since 1970 from which `GET /api/v2/messages` lists the message. */
	listedAt: number;
	deleted: boolean;
}

/** Entry of `GET /_sandbox/messages`. */
export interface AcceptedMessage extends MessageView {
	endpoint: string;
	request: Record<string, unknown>;
	media: MessageMedia | null;
	status_callback: string | null;
	deleted: boolean;
}

/** Entry of `GET /_sandbox/requests`. */
export interface LoggedRequest {
	time: string;
	method: string;
	path: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	/** null where no response was sent (cut), or not yet. */
	status: number | null;
	fault: FaultKind | null;
}

export type FaultKind =
	| 'status'
	| 'slow'
	| 'cutBeforeRequest'
	| 'cutDuringUpload'
	| 'cutAfterAccepted'
	| 'halfResponse'
	| 'invalidJson'
	| 'htmlError'
	| 'errorIn200'
	| 'noMediaUrl'
	| 'mediaUrlWithoutCaf'
	| 'acceptLate'
	| 'listLate'
	| 'groupDemandsContent'
	| 'play';

/** One rule of `POST /_sandbox/faults`. The first rule that fires answers the request. */
export interface FaultRule {
	/** Path prefix, or a glob where `*` stands for any characters. */
	path: string;
	method?: string;
	/** First matching request (1-based) that is hit; `times` is then 1 unless given. */
	nth?: number;
	/** How many requests are hit at most. */
	times?: number;
	/** Chance from 0 to 1 that a matching request is hit, drawn from a generator started at `seed`. */
	probability?: number;
	seed?: number;
	/** A kind, or the short form `status429` for `{ kind: 'status', status: 429 }`. */
	kind: FaultKind | `status${number}`;
	/** `status`, `htmlError`, `slow` with `processed: false`, `acceptLate`: HTTP status of the answer. */
	status?: number;
	/** `status`: seconds of a `Retry-After` header. */
	retryAfter?: number;
	/** `status`: further headers of the answer. */
	headers?: Record<string, string>;
	/** `status`: body in place of the error envelope. */
	body?: unknown;
	/** `slow`, `acceptLate`, `listLate`: the delay in ms. */
	delayMs?: number;
	/** Whether the request takes effect although the answer says otherwise. */
	processed?: boolean;
	/** `cutDuringUpload`: bytes of the body read before the cut. */
	afterBytes?: number;
	/** `acceptLate`: cut the connection instead of answering. */
	cut?: boolean;
	/** `errorIn200`: what the body says. */
	error_code?: number | string;
	error_message?: string;
	/** `play`: answers the request in its own way; in-process only. */
	play?: Play;
}

/** One API request and its answer, in steps a fault can take apart. */
export interface Exchange {
	app: App;
	request: IncomingMessage;
	response: ServerResponse;
	url: URL;
	/** Checks the keys and reads the request to its end. */
	receive(): Promise<ReceivedRequest>;
	/** Receives the request, lets it take effect and returns the honest answer. */
	process(overrides?: Overrides): Promise<Reply>;
	/** Reads and drops what is left of the request. */
	drain(): Promise<void>;
	send(reply: Reply): void;
	cut(): void;
}

export type Play = (exchange: Exchange) => Promise<void>;

/** New-contact allowance, of one line or (without `line`) of all. */
export interface AllowanceSetting {
	line?: string;
	hourlyLimit?: number;
	dailyLimit?: number;
	/** Slots declared used; turns `enforce` on unless it is given. */
	hourlyUsed?: number;
	dailyUsed?: number;
	/** Time in ms until the declared slots are free again. */
	nextSlotInMs?: number;
	/** Refuse messages to new contacts when no slot remains. */
	enforce?: boolean;
}

/** A line as `GET /api/v2/lines/state` shows it. */
export interface LineStateView {
	assignment: 'assigned' | 'shared' | 'grace_period';
	sendblue_number: string | null;
	status: 'ONLINE' | 'OFFLINE' | 'DEGRADED' | 'UNKNOWN';
	worker_id: string;
	degraded_since: string | null;
	effective_until: string | null;
	status_changed_at: string | null;
}

export interface Settings {
	/** Messages come into being this many ms after the (ordinary) answer. */
	acceptLateMs: number;
	/** Messages are listed this many ms after they were accepted. */
	listLateMs: number;
	/** Group messages need text that is not empty. */
	groupDemandsContent: boolean;
	/** Group messages need the field `content`, which may be empty, as the SDK's type has it. */
	groupRequiresContentField: boolean;
	/** Every field in every documented spelling, or only what Sendblue's own SDK types. */
	shape: 'full' | 'sdk';
	/** Order of lists where the request states none; the documentation names no default. */
	defaultOrder: 'asc' | 'desc';
	/** Move every message one state on each this many ms; null: only by `advance`. */
	autoDeliverMs: number | null;
	/** Service by number; `error` makes the lookup inconclusive. */
	services: Record<string, Service | 'error'>;
	/** Laid over the states of lines by number; other entries are added, such as one without a number. */
	lineStates: Partial<LineStateView>[];
	webhookRetryDelaysMs: number[];
	webhookTimeoutMs: number;
	/** Whether the account's global secret goes before a webhook's own; nobody says which does. */
	globalSecretWins: boolean;
	/** Whether webhooks carry a signature (`x-sendblue-signature`) in place of the secret itself. */
	webhooksAreSigned: boolean;
	maxUploadBytes: number;
	/** Webhook types the account cannot register. */
	rejectedWebhookTypes: string[];
}

export type SettingsPatch = Partial<Settings> & { allowance?: AllowanceSetting };

export interface AdvanceOptions {
	/** One message; without it all that are not final. `message_handle` says the same. */
	handle?: string;
	message_handle?: string;
	/** Target; without it one step of QUEUED, SENT, DELIVERED. */
	status?: string;
	error_code?: number | string;
	error_message?: string;
}

export interface AdvanceResult {
	messages: { message_handle: string; status: string }[];
	deliveries: WebhookDelivery[];
}

export interface InboundOptions {
	/** Webhook type; anything but `receive` posts `payload` as it is. */
	event?: WebhookType;
	/** Who writes, and to which line; `number` and `to_number` say the same. */
	from_number?: string;
	number?: string;
	sendblue_number?: string;
	to_number?: string;
	content?: string;
	media_url?: string;
	/** A file the sandbox hosts itself and gives as `media_url`. */
	media?: { fileName: string; base64: string; contentType?: string };
	service?: Service;
	group_id?: string;
	message_handle?: string;
	/** How often the same message is delivered. */
	repeat?: number;
	/** Fields laid over the payload. */
	payload?: Record<string, unknown>;
}

export interface InboundResult {
	payload: Record<string, unknown>;
	deliveries: WebhookDelivery[];
}

export type WebhookType =
	| 'receive'
	| 'outbound'
	| 'typing_indicator'
	| 'call_log'
	| 'inbound_call'
	| 'contact_profile'
	| 'line_blocked'
	| 'line_assigned'
	| 'contact_created';

export interface WebhookConfiguration {
	url: string;
	secret?: string;
	sendblue_numbers?: string[];
}

/** One webhook or status callback the sandbox posted, with every attempt. */
export interface WebhookDelivery {
	type: WebhookType | 'status_callback';
	url: string;
	payload: Record<string, unknown>;
	/** Whether `sb-signing-secret` was sent. */
	signed: boolean;
	attempts: { time: string; status: number | null; error: string | null }[];
	delivered: boolean;
}

export interface Sandbox {
	url: string;
	port: number;
	messages(): AcceptedMessage[];
	requests(): LoggedRequest[];
	deliveries(): WebhookDelivery[];
	reactions(): Reaction[];
	settings(): Settings;
	setSettings(patch: SettingsPatch): Settings;
	setFaults(rules: FaultRule[]): void;
	advance(options?: AdvanceOptions): Promise<AdvanceResult>;
	deliverInbound(options?: InboundOptions): Promise<InboundResult>;
	/** Resolves when no request is being handled and nothing is left to happen by itself. */
	idle(): Promise<void>;
	reset(): void;
	close(): Promise<void>;
}

export interface SandboxOptions {
	port?: number;
	/** Receives one line per request. */
	log?: (line: string) => void;
	/** Settings to start from; `reset` returns to them. */
	settings?: Partial<Settings>;
	/** The account's key pair, where it is to be another than the published one. */
	keys?: Keys;
}

export interface Keys {
	id: string;
	secret: string;
}

// Shapes only the sandbox's own modules use.

export interface UploadedFile {
	fileName: string;
	contentType: string;
	bytes: Buffer;
	/** The part was longer than the limit and was dropped. */
	truncated: boolean;
}

/** A request read to its end. */
export interface ReceivedRequest {
	method: string;
	path: string;
	query: URLSearchParams;
	headers: IncomingMessage['headers'];
	body: Record<string, unknown>;
	file: UploadedFile | null;
}

/** What a fault changes about the way a request is processed. */
export interface Overrides {
	listLateMs?: number;
	groupDemandsContent?: boolean;
}

export interface Call extends ReceivedRequest {
	params: Record<string, string>;
	overrides: Overrides;
	app: App;
}

export interface Reply {
	status: number;
	/** Sent as JSON, bytes as they are (with a `content-type` of their own). */
	body: unknown;
	headers?: Record<string, string>;
}

export type Handler = (call: Call) => Reply | Promise<Reply>;
export type Route = [method: string, pattern: string, handler: Handler];

export interface Group {
	group_id: string;
	group_name: string | null;
	from_number: string;
	numbers: string[];
	photo: { photo_guid: string; url: string } | null;
	created_at: string;
	updated_at: string;
}

/** Name and photo that a line shows to people it writes to. */
export interface Profile {
	firstName: string;
	lastName: string;
	photoUrl: string | null;
}

/** A reaction as it was asked for; a leading `-` took it back. */
export interface Reaction {
	message_handle: string;
	from_number: string;
	reaction: string;
}

export interface Contact {
	contact_id: string;
	phone: string;
	first_name: string;
	last_name: string;
	company_name: string;
	sendblue_number: string;
	assigned_to_email: string;
	tags: string[];
	custom_variables: Record<string, string>;
	opt_out: boolean;
	verified: boolean;
	created_at: string;
	updated_at: string;
}

/** New contacts of one line: the times (ms since 1970) at which each used slot is free again. */
export interface LineAllowance {
	hourlyLimit: number;
	dailyLimit: number;
	hourly: number[];
	daily: number[];
	enforce: boolean;
}

export interface Timers {
	/** How many are still to come. */
	readonly pending: number;
	later(ms: number, action: () => void): void;
	/** Resolves to false when the sandbox was reset or closed meanwhile. */
	sleep(ms: number): Promise<boolean>;
	clear(): void;
}

export interface App {
	/** Base URL without a slash at the end. */
	url: string;
	keys: Keys;
	settings: Settings;
	messages: StoredMessage[];
	groups: Map<string, Group>;
	/** Name and photo a line shows, by line. */
	profiles: Map<string, Profile>;
	/** When (ms since 1970) a line last shared its profile, by line and number. */
	profileShares: Map<string, number>;
	reactions: Reaction[];
	contacts: Map<string, Contact>;
	allowances: Map<string, LineAllowance>;
	media: Map<string, UploadedFile>;
	webhooks: Map<WebhookType, (string | WebhookConfiguration)[]>;
	globalSecret: string | null;
	deliveries: WebhookDelivery[];
	requests: LoggedRequest[];
	faults: { take(method: string, path: string): FaultRule | null; set(rules: FaultRule[]): void };
	timers: Timers;
	/** How many requests are being handled. */
	atWork: number;
	/** Ends the sandbox's own connections (webhooks, downloads). */
	connections: AbortController;
	log: (line: string) => void;
	reset(): void;
	/** Ends timers and connections. */
	stop(): void;
}
