import { configurationDocument } from "./configurationDocument.ts";
import { errorsDocument } from "./errorsDocument.ts";
import { metricsDocument } from "./metricsDocument.ts";

/** Every generated document by its path from the package's folder. A test compares them with what is there. */
export async function generatedDocuments(): Promise<Record<string, string>> {
  return {
    "docs/configuration.md": await configurationDocument(),
    "docs/errors.md": await errorsDocument(),
    "docs/metrics.md": metricsDocument(),
  };
}
