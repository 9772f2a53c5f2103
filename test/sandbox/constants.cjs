'use strict';

/** Facts of the account the sandbox plays, and of Sendblue's documented limits. */
module.exports = {
	SANDBOX_KEY_ID: 'sandbox-key-id',
	SANDBOX_SECRET_KEY: 'sandbox-secret-key',
	ACCOUNT_EMAIL: 'sandbox@example.com',
	PLAN: 'dedicated',
	LINES: ['+15550100001', '+15550100002'],
	/** Usable, but in `lines/state` only: `/api/lines` does not list shared lines. */
	SHARED_LINE: '+15550100003',
	/** The seats `seat_id` may name. */
	SEATS: [
		{
			seat_id: '5ea70000-0000-4000-8000-000000000001',
			email: 'seat@example.com',
			first_name: 'Sam',
			last_name: 'Seat',
		},
		{ seat_id: '5ea70000-0000-4000-8000-000000000002', email: 'kim@example.com', first_name: 'Kim', last_name: null },
	],

	/** Numbers with this ending have no iMessage. */
	SMS_SUFFIX: '4404',
	/**
	 * Numbers with these endings leave the lookup inconclusive, told with the status behind the first digit: the SDK's
	 * documentation says that it is "a retryable error", and not which.
	 */
	INCONCLUSIVE_SUFFIXES: ['4409', '4422', '4503'],

	/** Characters (docs: `content` maxLength). */
	MAX_CONTENT_LENGTH: 18_996,
	MAX_GROUP_SIZE: 25,
	/** Bytes (docs: group photo, 5 MB). */
	MAX_PHOTO_BYTES: 5 * 1024 * 1024,
	/** Bytes (docs: upload-file, 100 MB). */
	MAX_UPLOAD_BYTES: 100 * 1024 * 1024,
	MAX_JSON_BYTES: 1024 * 1024,
	/** New contacts per line in a rolling hour, and per day. */
	HOURLY_LIMIT: 15,
	DAILY_LIMIT: 50,
	NEW_CONTACT_LOOKBACK_DAYS: 30,

	SEND_STYLES: [
		'celebration',
		'shooting_star',
		'fireworks',
		'lasers',
		'love',
		'confetti',
		'balloons',
		'spotlight',
		'echo',
		'invisible',
		'gentle',
		'loud',
		'slam',
	],
	REACTIONS: ['love', 'like', 'dislike', 'laugh', 'emphasize', 'question'],
	/** @type {import('./types.cjs').WebhookType[]} */
	WEBHOOK_TYPES: [
		'receive',
		'outbound',
		'typing_indicator',
		'call_log',
		'inbound_call',
		'contact_profile',
		'line_blocked',
		'line_assigned',
		'contact_created',
	],

	/** Documented error codes. */
	ERROR_VALIDATION: 4000,
	ERROR_BLACKLISTED: 4002,
	ERROR_RATE_WINDOW: 5509,
	ERROR_SEND_FAILED: 10_001,
};
