import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

/** A separate collection of options; *Options* keeps the common ones. */
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
 * Divides the options of an operation into *Options*, with the common ones, and a collection for each group that has
 * any.
 *
 * Grouped options are also hidden fields of *Options*, where older workflows have them: n8n drops any parameter that
 * the description does not list.
 */
export function groupedOptions(all: readonly INodeProperties[]): INodeProperties[] {
	const groupOf = (option: INodeProperties): OptionGroup | undefined =>
		GROUPS.find(({ options }) => options.includes(option.name));
	const common = orderedByName(all.filter((option) => groupOf(option) === undefined));
	const former = all.filter((option) => groupOf(option) !== undefined).map(hidden);
	const groups = GROUPS.flatMap((group) => {
		const options = all.filter((option) => groupOf(option) === group);
		return options.length === 0 ? [] : [collection(group, orderedByName(options))];
	});
	const first = { displayName: 'Options', name: 'options', placeholder: 'Add Option' };
	return [collection(first, [...common, ...former]), ...groups];
}

/** The options of an item from all collections. */
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

/** Options in the order in which n8n wants them: by name. */
function orderedByName(options: INodeProperties[]): INodeProperties[] {
	// Not `localeCompare`: loading its rules takes longer than the rest of the node's loading.
	return [...options].sort((a, b) => (a.displayName < b.displayName ? -1 : 1));
}
