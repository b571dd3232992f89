// Builds dist/ from nothing: one stylesheet, two scripts, one icon sprite, the fonts. Two builds are byte for byte equal.
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "node_modules");
// Built beside it and put in its place at the end: a server that runs meanwhile never misses a file.
const finished = join(here, "dist");
const dist = join(packages, ".dist");

function styles() {
  const { css } = sass.compile(join(here, "styles/app.scss"), {
    style: "compressed",
    loadPaths: [packages],
    quietDeps: true,
  });
  writeFileSync(join(dist, "app.css"), css);
}

// One module script for the panel and one for customers' pages: the pages' policy allows no inline script, and hashed
// file names allow no imports between files.
function scripts() {
  return build({
    entryPoints: [join(here, "js/app.js"), join(here, "js/portal.js")],
    outdir: dist,
    bundle: true,
    format: "esm",
    minify: true,
    target: "es2022",
    legalComments: "none",
  });
}

// Only the icons that icons.txt names; `{% icon "name" %}` refers to them as icons.svg#name.
function sprite() {
  const names = readFileSync(join(here, "icons.txt"), "utf8").split("\n").map((line) => line.trim()).filter(Boolean);
  const symbols = names.map((name) => {
    const svg = readFileSync(join(packages, `@tabler/icons/icons/outline/${name}.svg`), "utf8");
    const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`;
  });
  writeFileSync(join(dist, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

function fonts() {
  mkdirSync(join(dist, "fonts"), { recursive: true });
  for (const subset of ["latin", "latin-ext"]) {
    const file = `inter-${subset}-wght-normal.woff2`;
    copyFileSync(join(packages, "@fontsource-variable/inter/files", file), join(dist, "fonts", file));
  }
}

// What documents are set in: PDF needs whole TrueType files.
function documentFonts() {
  mkdirSync(join(dist, "fonts/documents"), { recursive: true });
  for (const [folder, family] of [["noto-sans", "NotoSans"], ["noto-sans-arabic", "NotoSansArabic"], ["noto-sans-devanagari", "NotoSansDevanagari"]]) {
    for (const weight of ["400Regular", "600SemiBold"]) {
      const file = `${family}_${weight}.ttf`;
      copyFileSync(join(packages, "@expo-google-fonts", folder, weight, file), join(dist, "fonts/documents", file));
    }
  }
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
styles();
await scripts();
sprite();
fonts();
documentFonts();
copyFileSync(join(here, "favicon.svg"), join(dist, "favicon.svg"));
rmSync(finished, { recursive: true, force: true });
renameSync(dist, finished);
