/** What kind of network a host name or literal address points into. */
export type HostKind = 'public' | 'loopback' | 'private';

/** Ranges of IPv4 that are not reached over the internet, as first address and prefix length (RFC 6890). */
const PRIVATE_IPV4: ReadonlyArray<readonly [address: string, prefix: number]> = [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 3],
];

/** Endings of names that only exist inside a network. */
const PRIVATE_NAMES = /(^|\.)(local|internal|intranet|lan|home|corp|private|home\.arpa)$/;

/**
 * Tells from its text alone where a host lies; names are not looked up.
 *
 * @param hostname as `URL.hostname` gives it: lower case, IPv4 in dotted form, IPv6 in brackets
 */
export function hostKind(hostname: string): HostKind {
	const host = hostname.toLowerCase().replace(/\.$/, '');
	if (host.startsWith('[')) return ipv6Kind(host.slice(1, -1));
	if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return ipv4Kind(ipv4Value(host));
	if (host === 'localhost' || host.endsWith('.localhost')) return 'loopback';
	// A name without a dot is found only in the local network.
	return !host.includes('.') || PRIVATE_NAMES.test(host) ? 'private' : 'public';
}

/** Whether a host is this machine itself. */
export function isLoopbackHost(hostname: string): boolean {
	return hostKind(hostname) === 'loopback';
}

function ipv4Value(address: string): number {
	return address.split('.').reduce((value, part) => value * 256 + Number(part), 0);
}

function ipv4Kind(value: number): HostKind {
	if (Math.floor(value / 2 ** 24) === 127) return 'loopback';
	const inside = PRIVATE_IPV4.some(([address, prefix]) => {
		const size = 2 ** (32 - prefix);
		return Math.floor(value / size) === Math.floor(ipv4Value(address) / size);
	});
	return inside ? 'private' : 'public';
}

function ipv6Kind(address: string): HostKind {
	const groups = ipv6Groups(address);
	if (!groups) return 'private';
	const leading = groups.slice(0, 6);
	if (leading.every((group) => group === 0)) {
		if (groups[6] === 0 && groups[7] === 1) return 'loopback';
		return groups[6] === 0 && groups[7] === 0 ? 'private' : ipv4Kind(groups[6] * 65536 + groups[7]);
	}
	// ::ffff:0:0/96 carries an IPv4 address, 64:ff9b::/96 is translated into one, 2002::/16 tunnels to one.
	const mapped = leading.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
	const translated = groups[0] === 0x64 && groups[1] === 0xff9b;
	if (mapped || translated) return ipv4Kind(groups[6] * 65536 + groups[7]);
	if (groups[0] === 0x2002) return ipv4Kind(groups[1] * 65536 + groups[2]);
	// 2000::/3 is all that is assigned to the internet; 2001:db8::/32 within it is for documentation.
	const global = groups[0] >= 0x2000 && groups[0] <= 0x3fff;
	return global && !(groups[0] === 0x2001 && groups[1] === 0xdb8) ? 'public' : 'private';
}

type Ipv6Groups = [number, number, number, number, number, number, number, number];

/** The eight groups of an address in the short form `URL` writes. */
function ipv6Groups(address: string): Ipv6Groups | undefined {
	const [head, tail, ...more] = address.split('::');
	if (more.length > 0) return undefined;
	const groupsOf = (part: string | undefined) => (part ? part.split(':').map((group) => parseInt(group, 16)) : []);
	const first = groupsOf(head);
	const last = groupsOf(tail);
	const missing = 8 - first.length - last.length;
	const groups = [...first, ...new Array<number>(Math.max(0, missing)).fill(0), ...last];
	const isWhole = groups.length === 8 && groups.every((group) => group >= 0 && group <= 0xffff);
	return isWhole ? (groups as Ipv6Groups) : undefined;
}
