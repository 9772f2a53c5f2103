/** Which speaker a channel of a WAV file belongs to. */
import type { Speaker } from '../../pcm/speakers';
import { WAVE_CHANNEL_ORDERS } from '../../pcm/speakers';

/** The bits of WAVEFORMATEXTENSIBLE's channel mask, from the lowest (Microsoft, `ksmedia.h`, SPEAKER_…). */
const SPEAKERS: readonly Speaker[] = [
	...(['L', 'R', 'C', 'LFE', 'Lb', 'Rb', 'Lc', 'Rc', 'Cs', 'Ls', 'Rs'] as const),
	...(['Ts', 'Lvh', 'Cvh', 'Rvh', 'Lvb', 'Cvb', 'Rvb'] as const),
];

/**
 * The speakers of a file's channels in their order.
 *
 * @param channelMask The channel mask, or 0 where the header has none: then the usual order of WAVE is meant.
 * @returns Undefined for a single channel or a pair, which need no names, and where the order is not known.
 */
export function speakersOf(channels: number, channelMask: number): readonly Speaker[] | undefined {
	if (channels <= 2) return undefined;
	const masked = SPEAKERS.filter((_, bit) => (channelMask & (1 << bit)) !== 0);
	if (masked.length === channels) return masked;
	return channelMask === 0 ? WAVE_CHANNEL_ORDERS[channels] : undefined;
}
