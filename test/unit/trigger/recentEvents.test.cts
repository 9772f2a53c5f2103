import { claimEvent, eventKeys } from '../../../nodes/Sendblue/trigger/recentEvents';

let nodes = 0;
/** A node that the process has not seen yet. */
const newNode = (): string => `node ${(nodes += 1)}`;

describe('keys', () => {
	it('are the handle, with the status if that is the event', () => {
		const body = { message_handle: 'A', status: 'SENT' };
		expect(eventKeys('receive', body, 0)).toEqual(['A']);
		expect(eventKeys('outbound', body, 0)).toEqual(['A:SENT']);
		expect(eventKeys('outbound', { ...body, status: 'sent' }, 0)).toEqual(['A:SENT']);
	});

	it('tells events without a handle by what they say, for some minutes', () => {
		const minute = 60_000;
		const [key] = eventKeys('inbound_call', { number: '+1' }, 100 * minute);
		expect(eventKeys('inbound_call', { number: '+1' }, 104 * minute)).toContain(key);
		expect(eventKeys('inbound_call', { number: '+1' }, 111 * minute)).not.toContain(key);
		expect(eventKeys('inbound_call', { number: '+2' }, 100 * minute)).not.toContain(key);
		expect(eventKeys('call_log', { number: '+1' }, 100 * minute)).not.toContain(key);
	});
});

it('gives an event to the first who asks', () => {
	const node = newNode();
	expect(claimEvent(node, {}, ['A'])).toBeDefined();
	expect(claimEvent(node, {}, ['A'])).toBeUndefined();
	expect(claimEvent(node, {}, ['B'])).toBeDefined();
	expect(claimEvent(newNode(), {}, ['A'])).toBeDefined();
});

it('gives it again after it was released', () => {
	const node = newNode();
	claimEvent(node, {}, ['A'])?.release();
	expect(claimEvent(node, {}, ['A'])).toBeDefined();
});

it('remembers it in the static data only when it was confirmed', () => {
	const staticData = {};
	claimEvent(newNode(), staticData, ['A']);
	expect(staticData).toEqual({});
	claimEvent(newNode(), staticData, ['A'])?.confirm();
	expect(staticData).toEqual({ recentEvents: ['A'] });
	expect(claimEvent(newNode(), staticData, ['A'])).toBeUndefined();
});

it('remembers events whose copies of the static data were made at the same time', () => {
	const node = newNode();
	const first = {};
	const second = {};
	const claims = [claimEvent(node, first, ['A']), claimEvent(node, second, ['B'])];
	claims.forEach((claim) => claim?.confirm());
	// The copy that is stored last replaces the other.
	expect(second).toEqual({ recentEvents: ['A', 'B'] });
});

it('remembers 500 events and no more, in the static data and in the process', () => {
	const node = newNode();
	const staticData: { recentEvents?: string[] } = {};
	for (let index = 0; index < 1_200; index++) claimEvent(node, staticData, [`H${index}`])?.confirm();

	expect(staticData.recentEvents).toHaveLength(500);
	expect([staticData.recentEvents?.[0], staticData.recentEvents?.[499]]).toEqual(['H700', 'H1199']);
	expect(claimEvent(node, {}, ['H699'])).toBeDefined();
	expect(claimEvent(node, {}, ['H701'])).toBeUndefined();
});

it('keeps no endless keys', () => {
	const staticData: { recentEvents?: string[] } = {};
	claimEvent(newNode(), staticData, ['x'.repeat(100_000)])?.confirm();
	expect(staticData.recentEvents?.[0].length).toBeLessThan(1_000);
});

it.each([{ recentEvents: 'damaged' }, { recentEvents: null }])('goes on if the static data are %j', (staticData) => {
	expect(claimEvent(newNode(), staticData, ['A'])).toBeDefined();
});
