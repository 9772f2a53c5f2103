// Bundled third-party code refers to names of its host (browser, worker or Node) that n8n's scanner refuses and that
// we do not want it to reach. esbuild binds those names to these stand-ins, so nothing of the host is touched:
// no process, no file system, no timers, no console, no global object.

const nothing = () => {};

export const console = { log: nothing, warn: nothing, error: nothing, info: nothing, debug: nothing };

export const process = undefined;
export const window = undefined;
export const self = undefined;
export const global = undefined;
export const require = undefined;

// Node 20 can leave the asynchronous WebAssembly calls unanswered for as long as nothing else wakes its event loop.
// The modules are small, so they are compiled and instantiated on the spot.
export const promptWebAssembly = {
	Memory: WebAssembly.Memory,
	Table: WebAssembly.Table,
	Module: WebAssembly.Module,
	Instance: WebAssembly.Instance,
	RuntimeError: WebAssembly.RuntimeError,
	compile: async (bytes) => new WebAssembly.Module(bytes),
	async instantiate(source, imports) {
		if (source instanceof WebAssembly.Module) return new WebAssembly.Instance(source, imports);
		const module = new WebAssembly.Module(source);
		return { module, instance: new WebAssembly.Instance(module, imports) };
	},
};

export const globalThis = {
	WebAssembly: promptWebAssembly,
	TextDecoder,
	Uint8Array,
	// Emscripten asks for entropy when a codec seeds a hash; a codec needs none that is secret.
	crypto: { getRandomValues: (bytes) => bytes.fill(7) },
};

// A deferred call runs as a microtask; no codec that we bundle waits for time to pass.
export const setTimeout = (callback) => {
	queueMicrotask(callback);
	return 0;
};
export const clearTimeout = nothing;
export const setInterval = undefined;
export const clearInterval = nothing;
export const setImmediate = undefined;
export const clearImmediate = nothing;
