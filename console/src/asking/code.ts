/** Calls of a function as code; every value is written by JSON, so nothing typed can break out. */

import type { Data } from "@/api/types";

export const LANGUAGES = ["curl", "Python", "JavaScript", "Nyckel client"] as const;
export type Language = (typeof LANGUAGES)[number];

export interface Called {
  id: string;
  name: string;
  input: string;
  data: Data;
  server: string;
}

/** JSON in ASCII, which reads the same in every shell and source file. */
export function literal(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A word of a POSIX shell, in single quotes. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const EXAMPLE: Record<string, Data> = {
  Text: "a text",
  Image: "data:image/jpeg;base64,...",
  Tabular: { field: "value" },
};

export function codeOf(language: Language, called: Called): string {
  const data = shortened(called.data ?? EXAMPLE[called.input] ?? "");
  const url = `${called.server}/v1/functions/${encodeURIComponent(called.id)}/invoke`;
  if (language === "curl") {
    return [
      `curl ${shellWord(url)} \\`,
      `  -H "Authorization: Bearer $HOTFIT_KEY" \\`,
      `  -H 'Content-Type: application/json' \\`,
      `  -d ${shellWord(literal({ data }))}`,
    ].join("\n");
  }
  if (language === "Python") {
    return [
      "import os",
      "from hotfit import Client",
      "",
      `client = Client(${literal(called.server)}, os.environ["HOTFIT_KEY"])`,
      `function = client.load(${literal(called.name)})`,
      `print(function(${literal(data)}))`,
    ].join("\n");
  }
  if (language === "JavaScript") {
    return [
      `const response = await fetch(${literal(url)}, {`,
      `  method: "POST",`,
      "  headers: {",
      `    Authorization: \`Bearer \${process.env.HOTFIT_KEY}\`,`,
      `    "Content-Type": "application/json",`,
      "  },",
      `  body: JSON.stringify({ data: ${literal(data)} }),`,
      "});",
      "console.log(await response.json());",
    ].join("\n");
  }
  return [
    "import os",
    "from nyckel import Credentials, TextClassificationFunction",
    "",
    "credentials = Credentials(",
    `    client_id=os.environ["HOTFIT_KEY_ID"],`,
    `    client_secret=os.environ["HOTFIT_KEY"],`,
    `    server_url=${literal(called.server)},`,
    ")",
    `function = ${nyckelClass(called.input)}(${literal(called.id)}, credentials)`,
    `print(function.invoke([${literal(data)}]))`,
  ]
    .join("\n")
    .replace("TextClassificationFunction", nyckelClass(called.input));
}

function nyckelClass(input: string): string {
  if (input === "Image") return "ImageClassificationFunction";
  return input === "Tabular" ? "TabularClassificationFunction" : "TextClassificationFunction";
}

/** An image would fill the page, so its middle is left out. */
function shortened(data: Data): Data {
  return typeof data === "string" && data.startsWith("data:") && data.length > 80
    ? `${data.slice(0, 40)}...`
    : data;
}
