/** Parts of sentences about outcomes. Each sentence is written only once. */
const phrases = [
  /\bnothing (was|is|has been) (sent|changed|created|uploaded|saved|applied|deleted)\b/i,
  /\b(was|were|is|are)(n't| not) (sent|saved|applied|removed|deleted)\b/i,
  /\bsaves? canceled\b/i,
  /\b(could|can)(n't|not| not) (confirm|be confirmed)\b/i,
  /\b(outcome|whether .*) (is )?unknown\b/i,
  /\bis unknown\b/i,
  /\bprobably (made|saved|applied)\b/i,
  /\b(checked|asked) again\b/i,
  /\b(cannot|can't|can not) be (undone|restored)\b/i,
  /\bkept (its|their) own\b/i,
  /\bsend the rest\b/i,
  /\ball conflicts are resolved\b/i,
  /(?<!\bwhen (it|this|that) )\b(was|were) (saved|applied|created|deleted|removed|restored|undone|renamed|uploaded)\b/i,
  /\bPostHog (accepted|applied|had already|didn't apply|doesn't have the)\b/,
  /\bPostHog (may|might) (still|already|have)\b/,
  /\bmay (still|already) (have|be|change|apply|create)\b/i,
  /\bnothing (is left|is copied|to (undo|restore))\b/i,
  /\bPostHog will (delete|create|apply)\b/,
  /\bcan't be changed as\b/,
  /\b(during|after) this (save|was planned)\b/,
  /^(not )?(sent|applied|undone|restored): /i,
  /\b(haven't|hasn't) changed\b/i,
];

/** Reports sentences about outcomes: they belong in `operations/phrases` or, for lower layers, in `posthog/outcomePhrases`. */
export const noOutcomePhrases = {
  meta: { type: 'problem', schema: [] },
  create: (context) => {
    const check = (node, text) => {
      if (typeof text === 'string' && phrases.some((phrase) => phrase.test(text))) {
        context.report({
          node,
          message:
            'A sentence about an outcome is written once: use or add one in operations/phrases (posthog/outcomePhrases.ts below operations).',
        });
      }
    };
    return {
      Literal: (node) => check(node, node.value),
      TemplateElement: (node) => check(node, node.value.cooked),
    };
  },
};
