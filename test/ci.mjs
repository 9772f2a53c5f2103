/**
 * Whether this is a CI run (`CI=true`, as every CI service and `.ci/run` set it). A machine that is there to check has
 * all tools, so a check that is skipped there is a check that failed.
 */
export const IN_CI = !['', '0', 'false', undefined].includes(process.env.CI);
