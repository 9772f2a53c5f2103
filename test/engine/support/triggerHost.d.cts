import type { IDataObject, INodeExecutionData, INodeType } from 'n8n-workflow';

import type { Engine, RunError } from './engine.cjs';

/** A node behind the trigger. */
export interface NextNode {
	name: string;
	type: string;
	parameters: IDataObject;
}

export interface TriggerHostOptions {
	parameters?: IDataObject;
	credentials: Record<string, IDataObject>;
	/** Nodes behind the trigger, one after the other. */
	nextNodes?: NextNode[];
	/** Node types of the test's own, by the part of their type behind `test.`. */
	testNodes?: Record<string, INodeType>;
	settings?: IDataObject;
	/** Makes the address; one of its own if two hosts share an account. */
	webhookId?: string;
}

/** What one accepted delivery made the workflow do. */
export interface HostedExecution {
	status: string;
	error?: RunError;
	items(nodeName: string, output?: number): INodeExecutionData[];
}

/** n8n's server around one workflow with a Sendblue Trigger; see triggerHost.cjs. */
export interface TriggerHost {
	/** The trigger's parameters; may be changed while it is not active. */
	parameters: IDataObject;
	credentials: Record<string, IDataObject>;
	/** Address of n8n, without a path. */
	base: string;
	readonly url: string;
	readonly testUrl: string;
	/** The workflow's static data as they are stored. */
	stored: IDataObject;
	/** HTTP statuses of the answers, in the order they went out. */
	answers: number[];
	executions: HostedExecution[];
	/** What `webhook()` threw. */
	errors: Error[];
	activate(activation?: 'activate' | 'init'): Promise<{ existed: boolean }>;
	deactivate(): Promise<void>;
	listenForTest(): Promise<void>;
	stopTest(): Promise<void>;
	restartAs(workflowId: string): void;
	close(): Promise<void>;
}

export function startTriggerHost(engine: Engine, options: TriggerHostOptions): Promise<TriggerHost>;

/** Name of the trigger in the workflow. */
export const TRIGGER: string;
