import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The n8n the package is shown in, and the Node.js it needs. */
export const N8N_VERSION = '2.41.1';
export const NODE_VERSION = '24.21.0';

/** Older versions that are tested: the last of n8n 2 for Node.js 20, and of n8n 1. */
export const FLOOR_N8N_VERSION = '2.8.4';
export const N8N_1_VERSION = '1.123.81';
export const FLOOR_NODE_VERSION = '20.20.2';

/** Root of the repository. */
export const projectDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

/** Example workflows, and the speech that stands in for a text-to-speech service. */
export const examplesDir = path.join(projectDir, 'examples');
export const fixturesDir = path.join(projectDir, 'test', 'server', 'fixtures');

/** Where Node.js and n8n are installed once; about 3.2 GB. Ignored by git. */
export const labDir = path.resolve(process.env.N8N_LAB_DIR ?? path.join(projectDir, '.cache', 'n8n-lab'));
