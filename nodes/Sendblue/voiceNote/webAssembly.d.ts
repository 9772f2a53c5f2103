/** What is used of the platform's `WebAssembly`; TypeScript knows it only as a part of browsers. */
declare const WebAssembly: {
	Module: new (bytes: Uint8Array) => object;
	Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
	Instance: new (module: object, imports?: object) => { readonly exports: unknown };
};
