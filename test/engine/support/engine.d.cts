import type {
	IBinaryData,
	IDataObject,
	INodeExecutionData,
	INodeListSearchResult,
	INodeTypeDescription,
	IWorkflowSettings,
} from 'n8n-workflow';

/** A file as a node before ours would store it. */
export interface FeedFile {
	bytes: Uint8Array;
	fileName?: string;
	mimeType?: string;
}

/** An item as the node "Feed" outputs it. The same file object is stored once. */
export interface FeedItem {
	json?: IDataObject;
	files?: Record<string, FeedFile>;
}

/** A node after "Feed". */
export interface WorkflowNode {
	name: string;
	type: string;
	parameters: IDataObject;
	/** Name of the agent the node is a tool of; else it follows the node before it. */
	toolOf?: string;
	onError?: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';
	retryOnFail?: boolean;
	maxTries?: number;
	waitBetweenTries?: number;
}

export interface RunOptions {
	items: FeedItem[];
	nodes: WorkflowNode[];
	settings?: IWorkflowSettings & { binaryMode?: 'separate' | 'combined' };
	credentials?: Record<string, IDataObject>;
	onStart?: (cancel: () => void) => void;
}

export interface RunError {
	name: string;
	message: string;
	description?: string | null;
	httpCode?: string | null;
	context?: { itemIndex?: number };
}

export interface AgentCall {
	tool: { name: string; description: string };
	answer?: string;
	error?: RunError;
}

export interface RunResult {
	status: string;
	error?: RunError;
	agentCalls: AgentCall[];
	raw: unknown;
	items(nodeName: string, output?: number): INodeExecutionData[];
	hints(nodeName: string): string[];
}

export interface Engine {
	/** `newest` or `floor`. */
	name: string;
	version: string;
	loader: {
		packageName: string;
		types: { nodes: INodeTypeDescription[]; credentials: Array<{ name: string; iconUrl?: unknown }> };
	};
	stop(): Promise<void>;
	/** Resolves when no node of the package is at work any more, also of runs that were cancelled. */
	idle(): Promise<void>;
	typeOf(name: string): string;
	logger: { info(message: string, metadata?: object): void };
	classOf(name: string): { timings: Record<string, unknown> };
	readBinary(binary: IBinaryData): Promise<Buffer>;
	run(options: RunOptions): Promise<RunResult>;
	listSearch(options: {
		type: string;
		method: string;
		credentials: Record<string, IDataObject>;
		filter?: string;
		parameters?: IDataObject;
	}): Promise<INodeListSearchResult>;
}

/** Starts n8n's engine with the built package; see engine.cjs. */
export function startEngine(options?: {
	binaryStorage?: 'filesystem' | 'default';
	packageFolder?: string;
}): Promise<Engine>;

export const engineName: 'newest' | 'floor';
export const engineFolder: string;
