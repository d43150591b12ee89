// Holds manifests of Jobs against the schemas of Kubernetes' published API: node kubernetes.mjs FILE
import { readFileSync } from 'node:fs';
import { Job } from 'kubernetes-models/batch/v1';
import { parseAllDocuments } from 'yaml';

for (const document of parseAllDocuments(readFileSync(process.argv[2], 'utf8'))) {
  try {
    new Job(document.toJS({ maxAliasCount: 0 })).validate();
  } catch (error) {
    console.log(error.message);
    process.exitCode = 1;
  }
}
