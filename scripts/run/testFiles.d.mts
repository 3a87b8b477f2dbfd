export function testFiles(folders?: readonly string[]): string[];
