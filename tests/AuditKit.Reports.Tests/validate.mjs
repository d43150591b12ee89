// Holds a document against a JSON Schema of 2020-12: node validate.mjs SCHEMA DOCUMENT
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';

const [schema, document] = process.argv.slice(2).map(path => JSON.parse(readFileSync(path, 'utf8')));
const ajv = new Ajv2020.default({ strict: true, allowUnionTypes: true, allErrors: true });
const validate = ajv.compile(schema);
if (!validate(document)) {
  for (const { instancePath, message } of validate.errors) {
    console.log(`${instancePath} ${message}`);
  }
  process.exit(1);
}
