'use strict';

const { LINES } = require('./constants.cjs');
const { storeMedia } = require('./media.cjs');
const { createView } = require('./messages.cjs');
const { postWebhooks } = require('./webhooks.cjs');

/**
 * @typedef {import('./types.cjs').App} App
 * @typedef {import('./types.cjs').InboundOptions} InboundOptions
 * @typedef {import('./types.cjs').InboundResult} InboundResult
 * @typedef {import('./types.cjs').MessageView} MessageView
 */

const DEFAULT_SENDER = '+15550109876';

/**
 * Lets a message (or another event) come in and posts it to the webhooks registered for it.
 * @param {App} app
 * @param {InboundOptions} options
 * @returns {Promise<InboundResult>}
 */
async function deliverInbound(app, options) {
	const event = options.event ?? 'receive';
	const payload = event === 'receive' ? receiveMessage(app, options) : { ...options.payload };
	const deliveries = [];
	for (let turn = 0; turn < (options.repeat ?? 1); turn += 1) {
		deliveries.push(...(await postWebhooks(app, event, payload)));
	}
	return { payload, deliveries: structuredClone(deliveries) };
}

/**
 * @param {App} app
 * @param {InboundOptions} options
 * @returns {Record<string, unknown>}
 */
function receiveMessage(app, options) {
	const sender = options.from_number ?? options.number ?? DEFAULT_SENDER;
	const line = options.sendblue_number ?? options.to_number ?? LINES[0];
	const group = options.group_id === undefined ? undefined : app.groups.get(options.group_id);
	const view = createView({
		is_outbound: false,
		status: 'RECEIVED',
		from_number: sender,
		number: sender,
		to_number: line,
		sendblue_number: line,
		content: options.content ?? '',
		media_url: inboundMediaUrl(app, options),
		service: options.service ?? 'iMessage',
		message_type: options.group_id === undefined ? 'message' : 'group',
		group_id: options.group_id ?? '',
		group_display_name: group?.group_name ?? null,
		participants: group ? [...group.numbers, line] : [sender, line],
		...(options.message_handle === undefined ? {} : { message_handle: options.message_handle }),
	});
	app.messages.push({
		view,
		route: options.service ?? 'iMessage',
		endpoint: '/_sandbox/inbound',
		request: {},
		media: null,
		statusCallback: null,
		listedAt: Date.now(),
		deleted: false,
	});
	return { ...view, ...options.payload };
}

/**
 * @param {App} app
 * @param {InboundOptions} options
 * @returns {string}
 */
function inboundMediaUrl(app, { media, media_url: url }) {
	if (!media) return url ?? '';
	const file = {
		fileName: media.fileName,
		contentType: media.contentType ?? 'application/octet-stream',
		bytes: Buffer.from(media.base64, 'base64'),
		truncated: false,
	};
	return storeMedia(app, file).mediaUrl;
}

module.exports = { deliverInbound };
