/** ipaddr.js (MIT): the special ranges of IPv4 and IPv6, from the registries of the IANA. */
export { IPv4, IPv6 } from 'ipaddr.js';
