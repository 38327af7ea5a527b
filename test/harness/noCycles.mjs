import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';

const importsByFile = new Map();

/** The files that a file imports, including types. What `import()` loads later isn't part of a cycle. */
function importsOf(file) {
  const known = importsByFile.get(file);
  if (known) {
    return known;
  }
  const found = [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;]*?\bfrom\s+'(\.[^']+)';/gms)]
    .map(([, path]) => resolve(dirname(file), path))
    .map((path) => [`${path}.ts`, `${path}/index.ts`].find((candidate) => existsSync(candidate)))
    .filter((path) => path !== undefined);
  importsByFile.set(file, found);
  return found;
}

/** The shortest path from a file back to itself, or undefined. */
function circleOf(file) {
  const cameFrom = new Map();
  const waiting = [file];
  for (let current = waiting.shift(); current !== undefined; current = waiting.shift()) {
    for (const next of importsOf(current)) {
      if (next === file) {
        const way = [current];
        while (way[0] !== file) {
          way.unshift(cameFrom.get(way[0]));
        }
        return way;
      }
      if (!cameFrom.has(next)) {
        cameFrom.set(next, current);
        waiting.push(next);
      }
    }
  }
  return undefined;
}

/** An ESLint rule: files must not import each other in a cycle. */
export const noCycles = {
  meta: { type: 'problem', schema: [], messages: { circle: 'Imports go in a circle: {{way}}.' } },
  create: (context) => ({
    Program(node) {
      const circle = circleOf(context.filename);
      if (circle) {
        const way = [...circle, circle[0]].map((file) => relative('.', file)).join(' → ');
        context.report({ node, messageId: 'circle', data: { way } });
      }
    },
  }),
};
