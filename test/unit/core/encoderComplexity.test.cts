import { encoderComplexity } from '../../../nodes/Sendblue/voiceNote/pipeline/encodeOpus';

describe('effort of the encoder', () => {
	test.each([6, 16, 24, 31.9])('all of it at %d kb/s, if bits are few', (bitrate) => {
		expect(encoderComplexity(bitrate)).toBe(10);
	});

	test.each([32, 64, 128])('half of it at %d kb/s', (bitrate) => {
		expect(encoderComplexity(bitrate)).toBe(5);
	});
});
