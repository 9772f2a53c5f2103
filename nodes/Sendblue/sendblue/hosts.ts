import { IPv4, IPv6 } from './vendor/addresses';

/**
 * What kind of network a host name or literal address points into. `linkLocal` is where cloud providers serve the
 * metadata of a machine, credentials included, to any process on it.
 */
export type HostKind = 'public' | 'loopback' | 'private' | 'linkLocal';

/** Endings of names that only exist inside a network. */
const PRIVATE_NAMES = /(^|\.)(local|internal|intranet|lan|home|corp|private|home\.arpa)$/;

/** Metadata services that have a name, or an address outside of the link-local ranges (Google, AWS, Alibaba, Oracle). */
const METADATA_HOSTS = new Set([
	'metadata',
	'metadata.google.internal',
	'fd00:ec2::254',
	'100.100.100.200',
	'192.0.0.192',
]);

/** All that is assigned to the internet so far (IANA, IPv6 address space). */
const GLOBAL_IPV6 = '2000::/3';

/**
 * Tells from its text alone where a host lies; names are not looked up.
 *
 * @param hostname as `URL.hostname` gives it: lower case, IPv4 in dotted form, IPv6 in brackets
 */
export function hostKind(hostname: string): HostKind {
	const host = hostname
		.toLowerCase()
		.replace(/\.$/, '')
		.replace(/^\[(.*)\]$/, '$1');
	if (METADATA_HOSTS.has(host)) return 'linkLocal';
	if (host.includes(':')) return IPv6.isValid(host) ? ipv6Kind(IPv6.parse(host)) : 'private';
	if (IPv4.isValidFourPartDecimal(host)) return ipv4Kind(IPv4.parse(host));
	if (host === 'localhost' || host.endsWith('.localhost')) return 'loopback';
	// A name without a dot is found only in the local network.
	return !host.includes('.') || PRIVATE_NAMES.test(host) ? 'private' : 'public';
}

/** Whether a host is this machine itself. */
export function isLoopbackHost(hostname: string): boolean {
	return hostKind(hostname) === 'loopback';
}

/**
 * Why we refuse to fetch an address that a workflow names, as a sentence; undefined if it is allowed. Private addresses
 * are allowed, for example a text-to-speech server's, but not as the target of a redirect from a public host.
 *
 * @param from the address that redirected to it
 */
export function sourceObjection(url: URL, from?: URL): string | undefined {
	const kind = hostKind(url.hostname);
	if (kind === 'linkLocal') {
		return `${url.hostname} is a link-local address, where cloud providers serve the keys of a machine.`;
	}
	if (from && kind !== 'public' && hostKind(from.hostname) === 'public') {
		return `${from.hostname} led to ${url.hostname}, an address of a private network.`;
	}
	return undefined;
}

function ipv4Kind(address: IPv4): HostKind {
	const range = address.range();
	if (range === 'loopback' || range === 'linkLocal') return range;
	return range === 'unicast' ? 'public' : 'private';
}

function ipv6Kind(address: IPv6): HostKind {
	const inner = embeddedIpv4(address);
	if (inner) return hostKind(inner.toString());
	const range = address.range();
	if (range === 'loopback' || range === 'linkLocal') return range;
	return range === 'unicast' && address.match(IPv6.parseCIDR(GLOBAL_IPV6)) ? 'public' : 'private';
}

/** The IPv4 address that an IPv6 address stands for or leads to; undefined if there is none. */
function embeddedIpv4(address: IPv6): IPv4 | undefined {
	const bytes = address.toByteArray();
	const range = address.range();
	if (range === 'ipv4Mapped' || range === 'rfc6052' || range === 'rfc6145') return new IPv4(bytes.slice(12));
	if (range === '6to4') return new IPv4(bytes.slice(2, 6));
	// ::a.b.c.d, an older way to write them (RFC 4291, 2.5.5.1); (:: and ::1 are not such addresses.)
	const isCompatible =
		bytes.slice(0, 12).every((byte) => byte === 0) && range !== 'loopback' && range !== 'unspecified';
	return isCompatible ? new IPv4(bytes.slice(12)) : undefined;
}
