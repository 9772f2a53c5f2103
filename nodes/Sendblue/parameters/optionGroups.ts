import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

/** A group of options beside *Options*, which holds the everyday ones. */
interface OptionGroup {
	displayName: string;
	/** Name of the collection. */
	name: string;
	placeholder: string;
	/** Names of the options in it. */
	options: readonly string[];
}

const GROUPS: readonly OptionGroup[] = [
	{
		displayName: 'Sound',
		name: 'sound',
		placeholder: 'Add Sound Option',
		options: ['bitrate', 'leadingSilence', 'maximumDuration', 'normaliseLoudness', 'trimSilence', 'whenLonger'],
	},
	{
		displayName: 'Sending',
		name: 'sending',
		placeholder: 'Add Sending Option',
		options: [
			'allowance',
			'deduplicationWindowHours',
			'messagesPerSecond',
			'seatId',
			'shareContactCard',
			'statusCallback',
		],
	},
	{
		displayName: 'Raw PCM',
		name: 'rawPcm',
		placeholder: 'Add Raw PCM Option',
		options: ['rawChannels', 'rawFormat', 'rawSampleRate'],
	},
	{
		displayName: 'Advanced',
		name: 'advanced',
		placeholder: 'Add Advanced Option',
		options: ['alwaysReencode', 'audioTrack', 'engine', 'fileName', 'rehost'],
	},
];

/**
 * Divides the options of an operation into *Options*, with the everyday ones, and a collection for each group that has
 * any.
 *
 * Those in a group can still be read from *Options*, where they are hidden: n8n drops from a workflow whatever the
 * description does not have.
 */
export function groupedOptions(all: readonly INodeProperties[]): INodeProperties[] {
	const groupOf = (option: INodeProperties): OptionGroup | undefined =>
		GROUPS.find(({ options }) => options.includes(option.name));
	const everyday = orderedByName(all.filter((option) => groupOf(option) === undefined));
	const readable = all.filter((option) => groupOf(option) !== undefined).map(hidden);
	const groups = GROUPS.flatMap((group) => {
		const options = all.filter((option) => groupOf(option) === group);
		return options.length === 0 ? [] : [collection(group, orderedByName(options))];
	});
	const first = { displayName: 'Options', name: 'options', placeholder: 'Add Option' };
	return [collection(first, [...everyday, ...readable]), ...groups];
}

/** The options of an item, whichever collection they are in. */
export function optionsOf(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const names = ['options', ...GROUPS.map(({ name }) => name)];
	const collections = names.map((name) => context.getNodeParameter(name, itemIndex, {}) as IDataObject);
	return Object.assign({}, ...collections) as IDataObject;
}

function collection(
	{ displayName, name, placeholder }: Pick<OptionGroup, 'displayName' | 'name' | 'placeholder'>,
	options: INodeProperties[],
): INodeProperties {
	return { displayName, name, type: 'collection', placeholder, default: {}, options };
}

function hidden({ displayName, name, default: value }: INodeProperties): INodeProperties {
	return { displayName, name, type: 'hidden', default: value };
}

/** Options in the order in which n8n shows them, by their names. */
function orderedByName(options: INodeProperties[]): INodeProperties[] {
	// Not by the rules of a language: they take longer to load than everything else that the node does then.
	return [...options].sort((a, b) => (a.displayName < b.displayName ? -1 : 1));
}
