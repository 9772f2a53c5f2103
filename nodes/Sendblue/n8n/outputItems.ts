import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

/** An output item, paired with the input item it comes from. */
export function outputItem(json: object, itemIndex: number): INodeExecutionData {
	return { json: json as IDataObject, pairedItem: { item: itemIndex } };
}

/** One output item per entry of a list, all paired with one input item. */
export function outputItems(list: readonly object[], itemIndex: number): INodeExecutionData[] {
	return list.map((json) => outputItem(json, itemIndex));
}
