/**
 * A loudspeaker by its position: L left, R right, C center; Lc and Rc between those. A suffix moves it: s to the side,
 * or wherever the only surround pair stands; b to the back, vh above the front, vb above the back. Cs is at the back,
 * Ts above the listener, and LFE is for low-frequency effects.
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

/** Speakers of the channels in their order, by number of channels. */
export type ChannelOrders = Readonly<Record<number, readonly Speaker[]>>;

/** The order of WAVE and FLAC (RFC 9639, section 9.1.3), and of most decoders. */
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

/** The order of Vorbis (Vorbis I, section 4.3.9) and of Opus's channel mapping family 1 (RFC 7845, section 5.1.1.2). */
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
