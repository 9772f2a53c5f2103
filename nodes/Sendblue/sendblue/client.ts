import { createCall, type Call } from './call';
import type { Clock } from './clock';
import * as contacts from './endpoints/contacts';
import * as files from './endpoints/files';
import * as groups from './endpoints/groups';
import * as lines from './endpoints/lines';
import * as messages from './endpoints/messages';
import * as webhooks from './endpoints/webhooks';
import { Throttle, type RetryLimits } from './retry';
import { SendLedger } from './sendLedger';
import { ServerTime } from './serverTime';
import { DEFAULT_TIMINGS, type Timings } from './timings';
import type { Transport } from './transport';
import type * as api from './types';

/** What a client is made of. */
export interface SendblueClientOptions extends Clock {
	transport: Transport;
	/** 0 … 1, as `Math.random`. */
	random?(): number;
	/** Aborted when the execution is stopped: no request is started after that. */
	signal?: AbortSignal;
	/** As {@link normalizeBaseUrl} returns it. */
	baseUrl: string;
	/** Texts (keys) that must not appear in errors even where Sendblue repeats them. */
	secrets?: readonly string[];
	/** Given where several clients serve one execution. */
	ledger?: SendLedger;
	/** Those that differ from {@link DEFAULT_TIMINGS}. */
	timings?: Partial<Timings>;
}

/**
 * The Sendblue API, typed. One client serves one execution: pauses after a 429 and the memory of what was sent are
 * shared by all its calls.
 *
 * Uploads and reads are repeated when the network or Sendblue stumbles. What reaches people or changes the account is
 * repeated only after a 429 or when it never left; use `sendReliably` for sends.
 *
 * Every method throws {@link SendblueApiError}.
 */
export class SendblueClient {
	readonly baseUrl: string;

	readonly clock: Clock;

	readonly signal?: AbortSignal;

	readonly ledger: SendLedger;

	readonly timings: Timings;

	readonly serverTime = new ServerTime();

	private readonly call: Call;

	constructor(options: SendblueClientOptions) {
		this.baseUrl = options.baseUrl;
		this.signal = options.signal;
		this.ledger = options.ledger ?? new SendLedger();
		this.timings = { ...DEFAULT_TIMINGS, ...options.timings };
		this.clock = { sleep: async (ms) => await options.sleep(ms), now: () => options.now() };
		this.call = createCall({
			transport: options.transport,
			clock: this.clock,
			random: () => options.random?.() ?? Math.random(),
			throttle: new Throttle(this.clock),
			serverTime: this.serverTime,
			timings: this.timings,
			signal: options.signal,
			secrets: options.secrets ?? [],
		});
	}

	/** {@link lines.listLines} */
	async listLines(): Promise<string[]> {
		return await lines.listLines(this.call);
	}

	/** {@link lines.lineStates} */
	async lineStates(): Promise<api.LineState[]> {
		return await lines.lineStates(this.call);
	}

	/** {@link lines.allLines} */
	async allLines(): Promise<api.SendblueLine[]> {
		return await lines.allLines(this.call);
	}

	/** {@link lines.completeLines} */
	async completeLines(): Promise<ReadonlySet<string> | undefined> {
		return await lines.completeLines(this.call);
	}

	/** {@link lines.lineUsage} */
	async lineUsage(needed?: boolean): Promise<api.LinesUsage> {
		return await lines.lineUsage(this.call, needed);
	}

	/** {@link files.uploadFile} */
	async uploadFile(file: api.UploadFile): Promise<api.UploadedFile> {
		return await files.uploadFile(this.call, this.baseUrl, file);
	}

	/** {@link files.uploadMediaObject} */
	async uploadMediaObject(mediaUrl: string): Promise<api.SendblueAnswer> {
		return await files.uploadMediaObject(this.call, mediaUrl);
	}

	/** {@link messages.sendMessage} */
	async sendMessage(body: api.SendMessageBody): Promise<api.SendblueMessage> {
		return await messages.sendMessage(this.call, body);
	}

	/** {@link messages.sendGroupMessage} */
	async sendGroupMessage(body: api.SendGroupMessageBody): Promise<api.SendblueMessage> {
		return await messages.sendGroupMessage(this.call, body);
	}

	/** {@link messages.getMessage} */
	async getMessage(handle: string): Promise<api.SendblueMessage> {
		return await messages.getMessage(this.call, handle);
	}

	/** {@link messages.messageStatus} */
	async messageStatus(handle: string): Promise<api.SendblueMessage> {
		return await messages.messageStatus(this.call, handle);
	}

	/** {@link messages.listMessages} */
	async listMessages(
		query: api.ListMessagesQuery = {},
		limits?: RetryLimits,
		timeoutMs?: number,
	): Promise<api.MessagePage> {
		return await messages.listMessages(this.call, query, limits, timeoutMs);
	}

	/** {@link messages.deleteMessage} */
	async deleteMessage(handle: string): Promise<api.SendblueAnswer> {
		return await messages.deleteMessage(this.call, handle);
	}

	/** {@link messages.evaluateService} */
	async evaluateService(number: string, needed?: boolean): Promise<api.EvaluatedService> {
		return await messages.evaluateService(this.call, number, needed);
	}

	/** {@link messages.sendTypingIndicator} */
	async sendTypingIndicator(body: api.TypingIndicatorBody): Promise<api.SendblueAnswer> {
		return await messages.sendTypingIndicator(this.call, body);
	}

	/** {@link messages.sendReaction} */
	async sendReaction(body: api.ReactionBody): Promise<api.SendblueAnswer> {
		return await messages.sendReaction(this.call, body);
	}

	/** {@link messages.markRead} */
	async markRead(body: api.MarkReadBody): Promise<api.SendblueAnswer> {
		return await messages.markRead(this.call, body);
	}

	/** {@link contacts.listContacts} */
	async listContacts(query: api.ListContactsQuery = {}): Promise<api.SendblueContact[]> {
		return await contacts.listContacts(this.call, query);
	}

	/** {@link contacts.countContacts} */
	async countContacts(): Promise<number> {
		return await contacts.countContacts(this.call);
	}

	/** {@link contacts.getContact} */
	async getContact(number: string): Promise<api.SendblueContact> {
		return await contacts.getContact(this.call, number);
	}

	/** {@link contacts.createContact} */
	async createContact(
		contact: api.SendblueContact & { number: string; update_if_exists?: boolean },
	): Promise<api.SendblueContact> {
		return await contacts.createContact(this.call, contact);
	}

	/** {@link contacts.updateContact} */
	async updateContact(number: string, changes: api.SendblueContact): Promise<api.SendblueContact> {
		return await contacts.updateContact(this.call, number, changes);
	}

	/** {@link contacts.deleteContact} */
	async deleteContact(number: string): Promise<api.SendblueAnswer> {
		return await contacts.deleteContact(this.call, number);
	}

	/** {@link contacts.createContacts} */
	async createContacts(list: Array<api.SendblueContact & { phone: string }>): Promise<api.SendblueAnswer> {
		return await contacts.createContacts(this.call, list);
	}

	/** {@link contacts.deleteContacts} */
	async deleteContacts(numbers: string[]): Promise<api.SendblueAnswer> {
		return await contacts.deleteContacts(this.call, numbers);
	}

	/** {@link contacts.setOptOut} */
	async setOptOut(number: string, optedOut: boolean): Promise<api.SendblueAnswer> {
		return await contacts.setOptOut(this.call, number, optedOut);
	}

	/** {@link contacts.verifyContact} */
	async verifyContact(number: string): Promise<api.SendblueAnswer> {
		return await contacts.verifyContact(this.call, number);
	}

	/** {@link groups.getGroup} */
	async getGroup(groupId: string): Promise<api.SendblueGroup> {
		return await groups.getGroup(this.call, groupId);
	}

	/** {@link groups.createGroup} */
	async createGroup(body: Record<string, unknown>): Promise<api.SendblueAnswer> {
		return await groups.createGroup(this.call, body);
	}

	/** {@link groups.modifyGroup} */
	async modifyGroup(body: api.ModifyGroupBody): Promise<api.SendblueAnswer> {
		return await groups.modifyGroup(this.call, body);
	}

	/** {@link groups.renameGroup} */
	async renameGroup(groupId: string, name: string | null, fromNumber?: string): Promise<api.SendblueAnswer> {
		return await groups.renameGroup(this.call, groupId, name, fromNumber);
	}

	/** {@link groups.setGroupPhoto} */
	async setGroupPhoto(groupId: string, photoUrl: string | null, fromNumber?: string): Promise<api.SendblueAnswer> {
		return await groups.setGroupPhoto(this.call, groupId, photoUrl, fromNumber);
	}

	/** {@link webhooks.listWebhooks} */
	async listWebhooks(): Promise<api.Webhooks> {
		return await webhooks.listWebhooks(this.call);
	}

	/** {@link webhooks.addWebhook} */
	async addWebhook(type: api.WebhookType, webhook: api.WebhookEntry): Promise<api.SendblueAnswer> {
		return await webhooks.addWebhook(this.call, type, webhook);
	}

	/** {@link webhooks.removeWebhook} */
	async removeWebhook(type: api.WebhookType, url: string): Promise<api.SendblueAnswer> {
		return await webhooks.removeWebhook(this.call, type, url);
	}
}
