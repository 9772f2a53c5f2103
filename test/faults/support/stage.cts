import type { IDataObject } from 'n8n-workflow';

import { SendblueAccount } from '../../engine/support/sendblueAccount.cts';
import { wavFile } from '../../engine/support/audio.cts';
import {
	startEngine,
	type Engine,
	type FeedItem,
	type RunResult,
	type WorkflowNode,
} from '../../engine/support/engine.cjs';
import { shortenTimings } from '../../engine/support/shortTimings.cts';
import { LINE, PERSON, sandboxCredential, sendNode } from '../../engine/support/sendblueWorkflow.cts';
import { startSandbox, type Play, type Sandbox, type SandboxOptions } from '../../sandbox/index.cjs';

/** How long a run may take that is bound to end, in ms: far more than its deadlines add up to. */
const PATIENCE_MS = 12_000;

/** One run of the node. */
export interface Send {
	items?: FeedItem[];
	/** Parameters of the node, and its options. */
	parameters?: IDataObject;
	options?: IDataObject;
	node?: Partial<WorkflowNode>;
	credential?: IDataObject;
	onStart?: (cancel: () => void) => void;
}

/** What came of a run, or that nothing did. */
export interface Told {
	/** For each item: sent, deduplicated, skipped, failed, unknown; `hangs` for a run without an end. */
	told: string;
	/** Errors, hints and remarks: all that the user reads. */
	shown: string;
	result?: RunResult;
}

/** n8n's engine and a Sendblue that misbehaves as a test tells it to. */
class Stage {
	engine!: Engine;
	sandbox!: Sandbox;
	account!: SendblueAccount;
	private sends = 0;

	/** The sandbox's account, as n8n stores it. */
	get credential(): ReturnType<typeof sandboxCredential> {
		return sandboxCredential(this.sandbox);
	}

	/** A key for *Avoid Duplicates* that no other test uses. */
	readonly freshKey = (): string => `key-${process.pid}-${++this.sends}`;

	/** Lets a request be answered in its own way: each to this path, or those that `when` names. */
	play(path: string, play: Play, when: { nth?: number; times?: number; method?: string } = {}): void {
		this.rules.unshift({ path, kind: 'play', play, ...when });
		this.sandbox.setFaults(this.rules);
	}

	/** Ends all plays, so that Sendblue is honest again. */
	behave(): void {
		this.rules.length = 0;
		this.sandbox.setFaults([]);
	}

	/** Runs Send Voice Note with one item and waits for its end; a run that has none is canceled. */
	async send({ items, parameters, options, node, credential, onStart }: Send = {}): Promise<Told> {
		let cancel = (): void => undefined;
		const run = this.engine.run({
			items: items ?? [{ json: { to: PERSON }, files: { data: wavFile() } }],
			nodes: [sendNode(this.engine, { to: '={{ $json.to }}', ...parameters, options }, node)],
			credentials: sandboxCredential(this.sandbox, credential),
			onStart: (stop) => {
				cancel = stop;
				onStart?.(stop);
			},
		});
		let timer: NodeJS.Timeout | undefined;
		const outOfPatience = new Promise<undefined>((resolve) => {
			timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
		});
		const result = await Promise.race([run, outOfPatience]);
		clearTimeout(timer);
		if (result) return { told: toldBy(result), shown: shownBy(result), result };
		cancel();
		return { told: 'hangs', shown: '' };
	}

	/**
	 * What an earlier process sent with a key of *Avoid Duplicates*: Sendblue has it, and this process knows nothing.
	 * Returns the address of the file.
	 */
	async sentEarlier(key: string, { to = PERSON, ...parameters }: IDataObject = {}): Promise<string> {
		const elsewhere = await startSandbox();
		await this.send({
			items: [{ json: { to }, files: { data: wavFile() } }],
			parameters,
			options: { deduplicationKey: key },
			credential: { baseUrl: elsewhere.url },
		});
		const [{ media_url }] = elsewhere.messages();
		await this.account.call('POST', '/api/send-message', { from_number: LINE, number: to, media_url });
		await elsewhere.close();
		return media_url;
	}

	private readonly rules: Array<{ path: string; kind: 'play'; play: Play; nth?: number; times?: number }> = [];
}

/** A stage for the tests of a file, built up before them and cleared after each. */
export function useStage(sandboxOptions: SandboxOptions = {}): Stage {
	const stage = new Stage();
	beforeAll(async () => {
		stage.sandbox = await startSandbox(sandboxOptions);
		stage.account = new SendblueAccount(stage.sandbox);
		stage.engine = await startEngine();
		shortenTimings(stage.engine, { lookUpFor: 500 });
	});
	afterEach(() => {
		stage.behave();
		stage.sandbox.reset();
	});
	afterAll(async () => {
		await stage.engine.stop();
		await stage.sandbox.close();
	});
	return stage;
}

function toldBy(result: RunResult): string {
	if (result.error) return toldByError(result.error.message);
	if (result.status === 'canceled') return 'canceled';
	return result
		.items('Sendblue')
		.map(({ json }) => {
			if (json.error !== undefined) return toldByError(String(json.error));
			if (json.skipped) return 'skipped';
			return json.deduplicated ? 'deduplicated' : 'sent';
		})
		.join(', ');
}

function toldByError(message: string): string {
	return /^(Item \d+: )?It is unknown whether/.test(message) ? 'unknown' : 'failed';
}

function shownBy(result: RunResult): string {
	const ofItems = result
		.items('Sendblue')
		.flatMap(({ json }) =>
			json.error === undefined ? [] : [`${String(json.error)} ${String(json.errorDescription)}`],
		);
	const ofRun = result.error ? [result.error.message, result.error.description ?? ''] : [];
	return [...ofRun, ...ofItems, ...result.hints('Sendblue')].filter(Boolean).join(' → ');
}

/** Ends downloads that would be waited for a minute after a second, while `body` runs. */
export async function impatiently<T>(body: () => Promise<T>): Promise<T> {
	const timeout = AbortSignal.timeout.bind(AbortSignal);
	const spy = jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms >= 20_000 ? 1_000 : ms));
	try {
		return await body();
	} finally {
		spy.mockRestore();
	}
}

/** Retry On Fail as n8n offers it. */
export const retrying = (maxTries = 3): Partial<WorkflowNode> => ({ retryOnFail: true, maxTries, waitBetweenTries: 1 });

/** Items for so many people, each with a voice note. */
export const people = (count: number): FeedItem[] => {
	const file = wavFile();
	return Array.from({ length: count }, (_, index) => ({ json: { to: person(index) }, files: { data: file } }));
};

export const person = (index: number): string => `+1415555${String(1_000 + index)}`;
