/** All faults, those of a container together; a case has the next of them by turns. */
import { adtsFaults } from './adts.mjs';
import { amrFaults } from './amr.mjs';
import { flacFaults } from './flac.mjs';
import { matroskaFaults } from './matroska.mjs';
import { mp3Faults } from './mp3.mjs';
import { mp4Faults } from './mp4.mjs';
import { mpegTsFaults } from './mpegTs.mjs';
import { oggFaults } from './ogg.mjs';
import { pcmFaults } from './pcm.mjs';
import { rawFaults } from './raw.mjs';

const families = [
	oggFaults,
	mp4Faults,
	matroskaFaults,
	mp3Faults,
	flacFaults,
	adtsFaults,
	mpegTsFaults,
	amrFaults,
	pcmFaults,
	rawFaults,
];
const all = families.flatMap((faults) => faults());
const containers = [...new Set(all.map(({ container }) => container))];

export const FAULTS = containers.flatMap((name) => all.filter(({ container }) => container === name));
