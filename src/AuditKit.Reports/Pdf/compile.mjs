// Compiles FOLDER/report.typ to PDF/A-3a: node compile.mjs FOLDER TARGET
// Nothing outside the folder is read; its fonts/ holds all fonts there are.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import typst from '@myriaddreamin/typst-ts-node-compiler';

const [folder, target] = process.argv.slice(2);
const compiler = typst.NodeCompiler.create({ workspace: folder, fontArgs: [{ fontPaths: [join(folder, 'fonts')] }] });
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
