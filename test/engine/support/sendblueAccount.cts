import type { IDataObject } from 'n8n-workflow';

import { SANDBOX_KEY_ID, SANDBOX_SECRET_KEY, type Sandbox } from '../../sandbox/index.cjs';

/** The sandbox's account, used directly: what a test needs to be there before the node runs. */
export class SendblueAccount {
	constructor(readonly sandbox: Sandbox) {}

	/** Calls the API and returns the answer; anything but a success is an error of the test. */
	async call(method: string, path: string, body?: IDataObject): Promise<IDataObject> {
		const response = await fetch(`${this.sandbox.url}${path}`, {
			method,
			headers: {
				'content-type': 'application/json',
				'sb-api-key-id': SANDBOX_KEY_ID,
				'sb-api-secret-key': SANDBOX_SECRET_KEY,
			},
			...(body ? { body: JSON.stringify(body) } : {}),
		});
		if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
		return (await response.json()) as IDataObject;
	}

	/** Sends a text and returns the message's handle. */
	async sendText(from: string, to: string, content = 'Hello'): Promise<string> {
		const message = await this.call('POST', '/api/send-message', { from_number: from, number: to, content });
		return String(message.message_handle);
	}

	/** Makes a group and returns its ID. */
	async createGroup(from: string, numbers: string[], name?: string): Promise<string> {
		const group = await this.call('POST', '/api/create-group', { from_number: from, numbers, group_name: name });
		return String(group.group_id);
	}

	/** Makes a contact. */
	async createContact(number: string, fields: IDataObject = {}): Promise<void> {
		await this.call('POST', '/api/v2/contacts', { number, ...fields });
	}
}
