// Compiles FOLDER/report.typ to PDF/A-3a: node compile.mjs FOLDER TARGET
// Nothing else is read but the fonts beside this file.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import typst from '@myriaddreamin/typst-ts-node-compiler';

const [folder, target] = process.argv.slice(2);
const fonts = fileURLToPath(new URL('fonts', import.meta.url));
const compiler = typst.NodeCompiler.create({ workspace: folder, fontArgs: [{ fontPaths: [fonts] }] });
const compiled = compiler.compile({ mainFilePath: join(folder, 'report.typ') });
if (compiled.hasError()) {
  for (const { message, range } of compiler.fetchDiagnostics(compiled.takeDiagnostics())) {
    console.error(`report.typ:${(range?.start.line ?? 0) + 1}: ${message}`);
  }
  process.exit(1);
}

try {
  writeFileSync(target, compiler.pdf(compiled.result, { pdfStandard: 'a-3a' }));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
