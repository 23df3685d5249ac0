import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import ts from 'typescript';

/**
 * What disagrees between a SPEC.md and the tests under its folder.
 * @typedef {{ untested: string[], unknown: string[], repeated: string[] }} Disagreement
 */

const runners = new Set(['it', 'test', 'describe']);
const ruleLine = /^- \*\*([A-Z]+\d+)\*\* /gm;
/** A title begins with the ids of its rules: `A3:`, `C3, C4:`, `S3–S5:`. */
const quotedIds = /^([A-Z]+\d+(?:(?:, |–)[A-Z]+\d+)*):/;

/**
 * Every SPEC.md, compared with the titles of the tests in its folder and below: one line for each disagreement. Tests
 * right beside that folder are about several and may name rules of each.
 */
export function checkSpecIds(root) {
  const files = sourceFiles(root);
  const read = (file) => readFileSync(join(root, file), 'utf8');
  const titlesOf = (belongs) =>
    files.filter((file) => isTest(file) && belongs(file)).flatMap((file) => titlesIn(read(file)));
  const lines = files
    .filter((file) => basename(file) === 'SPEC.md')
    .flatMap((spec) => {
      const folder = dirname(spec);
      const own = titlesOf((file) => file.startsWith(folder + sep));
      const shared = titlesOf((file) => dirname(file) === dirname(folder));
      return describeDisagreement(spec, compare(read(spec), own, shared));
    });
  return { passed: lines.length === 0, output: lines.join('\n') };
}

function isTest(file) {
  return /\.(test|contract)\.ts$/.test(file);
}

function sourceFiles(root) {
  return ['pusher-server', 'web-app', 'widget'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((name) => join(folder, name))
      .filter((name) => !/(^|[\\/])(node_modules|dist)[\\/]/.test(name)),
  );
}

/**
 * The first argument of every `it`, `test` and `describe`, also of `it.each(…)(title)`; a template counts with its
 * fixed beginning.
 * @returns {string[]}
 */
export function titlesIn(source) {
  const titles = [];
  const look = (node) => {
    if (ts.isCallExpression(node) && runners.has(rootName(node.expression))) {
      const [first] = node.arguments;
      if (first !== undefined && ts.isStringLiteralLike(first)) titles.push(first.text);
      else if (first !== undefined && ts.isTemplateExpression(first)) titles.push(first.head.text);
    }
    ts.forEachChild(node, look);
  };
  look(ts.createSourceFile('titles.ts', source, ts.ScriptTarget.Latest));
  return titles;
}

/** `it` of `it.skipIf(x).each(rows)`. */
function rootName(expression) {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression)) {
    return rootName(expression.expression);
  }
  return '';
}

/**
 * @param {string} spec the text of a SPEC.md
 * @param {readonly string[]} titles of its own tests: an id in them must be a rule
 * @param {readonly string[]} shared of tests that are about other rules too
 * @returns {Disagreement}
 */
export function compare(spec, titles, shared = []) {
  const rules = [...spec.matchAll(ruleLine)].map(([, id]) => id);
  const quoted = new Set(titles.flatMap(idsOf));
  const quotedElsewhere = new Set(shared.flatMap(idsOf));
  return {
    untested: [...new Set(rules)].filter((id) => !quoted.has(id) && !quotedElsewhere.has(id)),
    unknown: [...quoted].filter((id) => !rules.includes(id)),
    repeated: [...new Set(rules.filter((id, index) => rules.indexOf(id) !== index))],
  };
}

function idsOf(title) {
  const ids = quotedIds.exec(title)?.[1];
  return ids === undefined ? [] : ids.split(', ').flatMap(expand);
}

/** `S3–S5` stands for all three. */
function expand(part) {
  const [first, last] = part.split('–');
  if (last === undefined) return [first];
  const [letters] = /^[A-Z]+/.exec(first);
  const [from, to] = [first, last].map((id) => Number(id.replace(/^[A-Z]+/, '')));
  return Array.from({ length: Math.max(to - from + 1, 0) }, (_, index) => `${letters}${from + index}`);
}

function describeDisagreement(spec, { untested, unknown, repeated }) {
  return [
    ...untested.map((id) => `${spec}: no test title names ${id}`),
    ...unknown.map((id) => `${spec}: a test title names ${id}, which is no rule`),
    ...repeated.map((id) => `${spec}: ${id} is given to two rules`),
  ];
}
