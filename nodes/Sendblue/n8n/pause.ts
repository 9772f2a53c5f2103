import { sleep } from 'n8n-workflow';

/** Gives the thread to whatever else n8n has to do, and goes on in a later task. */
export async function pause(): Promise<void> {
	await sleep(0);
}
