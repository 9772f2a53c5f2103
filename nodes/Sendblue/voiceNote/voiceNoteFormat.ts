/** The constants of every voice note that we write. */

/** The sample rate that Apple's voice notes declare, in Hz; Opus packets themselves carry no rate. */
export const VOICE_NOTE_SAMPLE_RATE = 24_000;
/** 20 ms at 24 kHz. */
export const VOICE_NOTE_FRAMES_PER_PACKET = 480;
