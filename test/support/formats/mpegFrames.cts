import { mpegAudioFrames, mpegAudioRuns } from '../../../nodes/Sendblue/voiceNote/containers/mp3/mpegAudioFrames';
import type { MpegAudioFrame } from '../../../nodes/Sendblue/voiceNote/containers/mp3/mpegAudioFrames';
import { WorkSlices } from '../../../nodes/Sendblue/voiceNote/workSlices';

/** The frames of MPEG audio that begins with the first byte, the information frame among them. */
export async function mpegFramesOf(bytes: Uint8Array): Promise<MpegAudioFrame[]> {
	const runs = await mpegAudioRuns(bytes, 0, new WorkSlices());
	return runs.flatMap((run) => [...mpegAudioFrames(bytes, run)]);
}
