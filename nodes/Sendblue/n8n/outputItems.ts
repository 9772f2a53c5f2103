import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

/** The item a node is working on. */
export function inputItem(context: IExecuteFunctions, itemIndex: number): INodeExecutionData {
	return context.getInputData()[itemIndex] ?? { json: {} };
}

/** An output item, paired with the input item it comes from. */
export function outputItem(json: object, itemIndex: number): INodeExecutionData {
	return { json: json as IDataObject, pairedItem: { item: itemIndex } };
}

/** One output item per entry of a list, all paired with one input item. */
export function outputItems(list: readonly object[], itemIndex: number): INodeExecutionData[] {
	return list.map((json) => outputItem(json, itemIndex));
}
