import { isAu, openAu } from '../containers/au/readAu';
import type { AudioFormat } from '../pipeline/reconcile';
import { pcmInput } from './pcmInput';

/** AU, also known as `.snd`. */
export const auFormat: AudioFormat = {
	recognises: isAu,
	open: (bytes) => pcmInput(openAu(bytes)),
};
