/** What the tests of the generator itself need of it. */
export { FAULTS } from './faults/index.mjs';
export { caf } from './containers/plain.mjs';
export { decodeNote, hear } from './listen.mjs';
export { judge, secondsIn } from './oracle.mjs';
export { Random } from './random.mjs';
export { makeCase, resultOf } from './run.mjs';
export { symbolsBetween, voiceSamples, voiceSeconds } from './signal.mjs';
export { opusTrack } from './sources/encoders.mjs';
