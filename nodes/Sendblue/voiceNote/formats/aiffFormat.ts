import { isAiff, openAiff } from '../containers/aiff/readAiff';
import type { AudioFormat } from '../pipeline/reconcile';
import { pcmInput } from './pcmInput';

/** AIFF and AIFC. */
export const aiffFormat: AudioFormat = {
	recognises: isAiff,
	open: (bytes) => pcmInput(openAiff(bytes)),
};
