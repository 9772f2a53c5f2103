export async function checkExamples() {}
