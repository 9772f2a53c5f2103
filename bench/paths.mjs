/** Where the benchmark finds things and leaves things. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const BENCH = path.join(ROOT, 'bench');
/** Inputs and peers that are fetched for the benchmark only; ignored by git. */
export const CACHE = path.join(ROOT, '.cache', 'bench');
/** The built package; another build can be measured by naming its folder in BENCH_DIST. */
export const DIST = path.resolve(process.env.BENCH_DIST ?? path.join(ROOT, 'dist'));
