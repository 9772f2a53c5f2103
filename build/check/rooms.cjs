'use strict';

/**
 * The rooms of the house and what each may import: the one place where this is said. `directions.cjs` judges the source
 * by it, and the table in CONTRIBUTING.md is made from it.
 *
 * @typedef {object} Room
 * @property {string} name
 * @property {RegExp} files the paths in it, from the root of the project; the first room that fits counts
 * @property {string} holds what is in it, for the table
 * @property {string[]} imports names of the rooms it may import besides itself
 * @property {{ rooms: string[], modules: RegExp, words: string }} [some] rooms of which it may import types, and values
 *   only from these modules
 * @property {string[]} packages what it may import from outside; `*` for anything
 */

const N8N = ['n8n-workflow', 'crypto'];

/** @type {Room[]} */
const ROOMS = [
	{
		name: '*.node.ts',
		files: /^nodes\/Sendblue\/[^/]+\.node\.ts$/,
		holds: 'descriptions, thin',
		imports: ['actions', 'trigger'],
		packages: N8N,
	},
	{
		name: 'credentials',
		files: /^credentials\//,
		holds: 'the Sendblue credential',
		imports: ['sendblue'],
		packages: N8N,
	},
	{
		name: 'actions',
		files: /^nodes\/Sendblue\/actions\//,
		holds: 'what the user sees: the operations, by resource',
		imports: ['parameters', 'sending', 'sendblue', 'voiceNote', 'n8n'],
		packages: N8N,
	},
	{
		name: 'trigger',
		files: /^nodes\/Sendblue\/trigger\//,
		holds: "what the trigger's user sees",
		imports: ['parameters', 'sending', 'sendblue', 'voiceNote', 'n8n'],
		packages: N8N,
	},
	{
		name: 'parameters',
		files: /^nodes\/Sendblue\/parameters\//,
		holds: 'fields that several of them share, and how they are read',
		imports: ['sendblue', 'n8n'],
		packages: N8N,
	},
	{
		name: 'n8n',
		files: /^nodes\/Sendblue\/n8n\//,
		holds: "the only room that knows n8n's helpers; errors get the words of the screen",
		imports: [],
		some: {
			rooms: ['sending', 'sendblue', 'voiceNote'],
			modules: /\/(?:\w*[eE]rrors|\w*[lL]imits|\w*[cC]odes)\.ts$/,
			words: 'errors, limits and types',
		},
		packages: [...N8N, 'fluent-ffmpeg', 'ffmpeg-static'],
	},
	{
		name: 'sending',
		files: /^nodes\/Sendblue\/sending\//,
		holds: 'at most once: the steps of a send, what is remembered; knows the API, neither n8n nor audio',
		imports: ['sendblue'],
		packages: ['crypto'],
	},
	{
		name: 'sendblue/vendor',
		files: /^nodes\/Sendblue\/sendblue\/vendor\//,
		holds: 'third-party code, bundled from a devDependency',
		imports: [],
		packages: ['*'],
	},
	{
		name: 'sendblue',
		files: /^nodes\/Sendblue\/sendblue\//,
		holds: 'the API and nothing else: HTTP, resources, message states, types',
		imports: ['sendblue/vendor'],
		packages: [],
	},
	{
		name: 'voiceNote/pipeline',
		files: /^nodes\/Sendblue\/voiceNote\/(?:pipeline\/|ffmpeg\.ts$)/,
		holds:
			'the steps between file and note: reconcile, remux, shape, encode, split; with `ffmpeg.ts`, the optional engine',
		imports: [
			'voiceNote/containers',
			'voiceNote/codecs',
			'voiceNote/dsp',
			'voiceNote/pcm',
			'voiceNote/bits',
			'voiceNote/ground',
		],
		packages: [],
	},
	{
		name: 'voiceNote/containers',
		files: /^nodes\/Sendblue\/voiceNote\/containers\//,
		holds: 'a room per container, `probe.ts` (one ordered list), `track.ts` (what each of them yields)',
		imports: ['voiceNote/codecs', 'voiceNote/dsp', 'voiceNote/pcm', 'voiceNote/bits', 'voiceNote/ground'],
		packages: [],
	},
	{
		name: 'voiceNote/codecs',
		files: /^nodes\/Sendblue\/voiceNote\/codecs\//,
		holds: 'a room per codec, `registry.ts` (codec to decoder)',
		imports: ['voiceNote/dsp', 'voiceNote/pcm', 'voiceNote/bits', 'voiceNote/vendor', 'voiceNote/ground'],
		packages: [],
	},
	{
		name: 'voiceNote/vendor',
		files: /^nodes\/Sendblue\/voiceNote\/vendor\//,
		holds: 'the bundled codecs',
		imports: [],
		some: { rooms: ['voiceNote/codecs'], modules: /^$/, words: 'types' },
		packages: ['*'],
	},
	{
		name: 'voiceNote/dsp',
		files: /^nodes\/Sendblue\/voiceNote\/dsp\//,
		holds: 'what is done to samples',
		imports: ['voiceNote/pcm', 'voiceNote/vendor', 'voiceNote/ground'],
		packages: [],
	},
	{
		name: 'voiceNote/pcm',
		files: /^nodes\/Sendblue\/voiceNote\/pcm\//,
		holds: 'blocks of samples, speakers',
		imports: ['voiceNote/ground'],
		packages: [],
	},
	{
		name: 'voiceNote/bits',
		files: /^nodes\/Sendblue\/voiceNote\/bits\//,
		holds: 'bit reader, byte views, four-character codes',
		imports: ['voiceNote/ground'],
		packages: [],
	},
	{
		name: 'voiceNote',
		files: /^nodes\/Sendblue\/voiceNote\/(?:index|toVoiceNote|fromVoiceNote)\.ts$/,
		holds: 'bytes in, voice note out; knows neither n8n nor Sendblue',
		imports: [
			'voiceNote/pipeline',
			'voiceNote/containers',
			'voiceNote/codecs',
			'voiceNote/dsp',
			'voiceNote/pcm',
			'voiceNote/bits',
			'voiceNote/ground',
		],
		packages: [],
	},
	{
		name: 'voiceNote/ground',
		files: /^nodes\/Sendblue\/voiceNote\/[^/]+\.ts$/,
		holds:
			"the ground floor of `voiceNote/`: errors, limits, types, the note's constants; the other files in the folder itself",
		imports: [],
		packages: [],
	},
];

/** What stands for `voiceNote` to those outside it: the files in the folder itself. */
const FACES = { voiceNote: ['voiceNote', 'voiceNote/ground'] };

module.exports = { ROOMS, FACES };
