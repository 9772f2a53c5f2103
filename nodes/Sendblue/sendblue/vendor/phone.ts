/**
 * libphonenumber-js (MIT) with its smallest metadata: lengths and calling codes of every country. The larger sets
 * only add which ranges are assigned at present, and would refuse numbers that are newer than the package.
 */
export { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
