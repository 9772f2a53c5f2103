import { shownValue } from '../../../nodes/Sendblue/n8n/wording';

describe('values in messages', () => {
	test.each([
		['a short text', 'Mom', 'Mom'],
		['an object', { name: 'x' }, '{"name":"x"}'],
		['several lines', 'one\n  two', 'one two'],
		['more than 60 characters', 'word '.repeat(20), `${'word '.repeat(12)}…`],
		['a word that the panel does not wrap', `//NE${'A'.repeat(500)} end`, `//NE${'A'.repeat(34)}…`],
		[
			'an address, which the panel wraps',
			'https://cdn.example.com/voices/2026/11/greeting-of-the-day.mp3',
			'https://cdn.example.com/voices/2026/11/greeting-of-the-day.m…',
		],
		['an identifier', 'de23c2cd-5b8b-4967-b6e1-0a4634f52d13', 'de23c2cd-5b8b-4967-b6e1-0a4634f52d13'],
	])('%s', (_, value, shown) => {
		expect(shownValue(value)).toBe(shown);
	});
});
