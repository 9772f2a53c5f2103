/**
 * A loudspeaker by its position: L left, R right, C centre; Lc and Rc between those; s at the side, or the only
 * surround ones, b behind; vh above the front, vb above the back, Ts above the listener. LFE is for effects in the bass.
 */
export type Speaker =
	| 'L'
	| 'R'
	| 'C'
	| 'LFE'
	| 'Lc'
	| 'Rc'
	| 'Ls'
	| 'Rs'
	| 'Lb'
	| 'Rb'
	| 'Cs'
	| 'Ts'
	| 'Lvh'
	| 'Cvh'
	| 'Rvh'
	| 'Lvb'
	| 'Cvb'
	| 'Rvb';

/** The speakers of a stream's channels in their order, by the number of channels. */
export type ChannelOrders = Readonly<Record<number, readonly Speaker[]>>;

/** WAVE and FLAC (RFC 9639, section 9.1.3), and most decoders whatever the file. */
export const WAVE_CHANNEL_ORDERS: ChannelOrders = {
	1: ['C'],
	2: ['L', 'R'],
	3: ['L', 'R', 'C'],
	4: ['L', 'R', 'Lb', 'Rb'],
	5: ['L', 'R', 'C', 'Ls', 'Rs'],
	6: ['L', 'R', 'C', 'LFE', 'Ls', 'Rs'],
	7: ['L', 'R', 'C', 'LFE', 'Cs', 'Ls', 'Rs'],
	8: ['L', 'R', 'C', 'LFE', 'Lb', 'Rb', 'Ls', 'Rs'],
};

/** Vorbis I, section 4.3.9, and Opus channel mapping family 1 (RFC 7845, section 5.1.1.2). */
export const VORBIS_CHANNEL_ORDERS: ChannelOrders = {
	1: ['C'],
	2: ['L', 'R'],
	3: ['L', 'C', 'R'],
	4: ['L', 'R', 'Lb', 'Rb'],
	5: ['L', 'C', 'R', 'Ls', 'Rs'],
	6: ['L', 'C', 'R', 'Ls', 'Rs', 'LFE'],
	7: ['L', 'C', 'R', 'Ls', 'Rs', 'Cs', 'LFE'],
	8: ['L', 'C', 'R', 'Ls', 'Rs', 'Lb', 'Rb', 'LFE'],
};
