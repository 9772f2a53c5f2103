import { refuseLargeCopy } from '../../../nodes/Sendblue/actions/voiceNote/hostNote';

it('accepts an MP3 that MMS can carry', () => {
	expect(() => refuseLargeCopy({ bytes: 5_000_000, durationSeconds: 833 })).not.toThrow();
});

it.each([
	[5_400_144, 900, /is 5\.4 MB.*up to 5 MB\./, /^Up to 13 minutes fit; this audio lasts 15\./],
	[21_600_144, 3_600, /is 21\.6 MB/, /^Up to 13 minutes fit; this audio lasts 60\./],
])('refuses one of %d bytes, and says how many minutes fit', (bytes, durationSeconds, message, hint) => {
	expect(() => refuseLargeCopy({ bytes, durationSeconds })).toThrow(
		expect.objectContaining({ message: expect.stringMatching(message), hint: expect.stringMatching(hint) }),
	);
});
