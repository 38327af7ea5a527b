import { invalid } from '../errors';
import { digitsOf, isJsonObject, isNumber, pythonString, pythonTypeName, readNumber, textOf } from '../json';
import type { ApiError } from '../errors';
import type { JsonObject, JsonValue } from '../json';
import type { FieldContext } from './context';

/** Reads a non-null value and returns what to store, or throws an {@link ApiError}. */
export type Reader = (value: JsonValue, attr: string, context: FieldContext) => JsonValue;

const TRUE_WORDS = new Set(['t', 'y', 'yes', 'true', 'on', '1']);
const FALSE_WORDS = new Set(['f', 'n', 'no', 'false', 'off', '0']);

/** DRF BooleanField: accepts form words; anything else is `Must be a valid boolean.` */
export const boolean: Reader = (value, attr) => {
  if (typeof value === 'boolean') {
    return value;
  }
  if (value === 1 || value === 0) {
    return value === 1;
  }
  if (typeof value === 'string') {
    if (TRUE_WORDS.has(value) || TRUE_WORDS.has(value.toLowerCase())) {
      return true;
    }
    if (FALSE_WORDS.has(value.toLowerCase())) {
      return false;
    }
  }
  throw invalid('Must be a valid boolean.', attr);
};

interface TextLimits {
  max?: number;
  blank?: boolean;
}

/** DRF CharField: converts numbers to strings and trims white space. */
export function text(limits: TextLimits = {}): Reader {
  return (value, attr) => readText(value, attr, limits);
}

/** Like {@link text}, but reads a value right away. */
export function readText(value: JsonValue, attr: string, limits: TextLimits): string {
  if (typeof value !== 'string' && !isNumber(value)) {
    throw invalid('Not a valid string.', attr);
  }
  const trimmed = textOf(value).trim();
  if (trimmed === '' && !limits.blank) {
    throw invalid('This field may not be blank.', attr, 'blank');
  }
  if (trimmed.includes('\u0000')) {
    throw invalid('Null characters are not allowed.', attr, 'null_characters_not_allowed');
  }
  if (limits.max !== undefined && Array.from(trimmed).length > limits.max) {
    throw invalid(`Ensure this field has no more than ${limits.max} characters.`, attr, 'max_length');
  }
  return trimmed;
}

/** DRF IntegerField: integers, or strings that hold one. */
export function integer(limits: { min?: number; max?: number } = {}): Reader {
  return (value, attr) => {
    const written = isNumber(value) ? digitsOf(value) : value;
    if (typeof written !== 'string' || !/^\s*[-+]?\d+(?:\.0*)?\s*$/.test(written)) {
      throw invalid('A valid integer is required.', attr);
    }
    if (written.length > 1000) {
      throw invalid('String value too large.', attr, 'max_string_length');
    }
    const number = Number(written);
    if (limits.max !== undefined && number > limits.max) {
      throw invalid(`Ensure this value is less than or equal to ${limits.max}.`, attr, 'max_value');
    }
    if (limits.min !== undefined && number < limits.min) {
      throw invalid(`Ensure this value is greater than or equal to ${limits.min}.`, attr, 'min_value');
    }
    return readNumber(String(BigInt(written.replace(/\.0*\s*$/, '').replace('+', ''))));
  };
}

/** A 32-bit integer column. */
export const int32: Reader = integer({ min: -2147483648, max: 2147483647 });

/** DRF ChoiceField: accepts a number as a string too. */
export function choice(choices: readonly (string | number)[]): Reader {
  return (value, attr) => {
    const found =
      typeof value === 'object' && !isNumber(value)
        ? undefined
        : choices.find((item) => String(item) === pythonString(value));
    if (found === undefined) {
      throw invalid(`"${pythonString(value)}" is not a valid choice.`, attr, 'invalid_choice');
    }
    return found;
  };
}

/** DRF ListField: reads every item with `item`; errors name the item's index. */
export function list(item: Reader, options: { nullItems?: boolean } = {}): Reader {
  return (value, attr, context) => {
    if (!Array.isArray(value)) {
      throw invalid(`Expected a list of items but got type "${pythonTypeName(value)}".`, attr, 'not_a_list');
    }
    return value.map((entry, index) => {
      if (entry === null) {
        if (options.nullItems) {
          return null;
        }
        throw invalid('This field may not be null.', `${attr}__${index}`, 'null');
      }
      return item(entry, `${attr}__${index}`, context);
    });
  };
}

/** A list of origins: null and empty items are dropped (API facts 4.5, app_urls and recording_domains). */
export function urlList(options: { maxWildcards?: number } = {}): Reader {
  const item = text({ max: 200, blank: true });
  return (value, attr, context) => {
    const read = list(item, { nullItems: true })(value, attr, context);
    const kept = (Array.isArray(read) ? read : []).filter((entry) => entry !== null && entry !== '');
    if (context.generation === 'current' && options.maxWildcards !== undefined) {
      checkWildcards(kept, options.maxWildcards, attr);
    }
    return kept;
  };
}

/** @throws 400 for a URL with too many wildcards */
export function checkWildcards(urls: readonly JsonValue[], max: number, attr: string): void {
  if (urls.some((url) => textOf(url).split('*').length - 1 > max)) {
    throw invalid(
      `Each URL can include up to ${max} wildcards. Remove the extra ones from this entry.`,
      attr,
    );
  }
}

/** Tags: trimmed, lowercase, unique (API facts 9.1; that they are unique is inferred). */
export const tags: Reader = (value, attr, context) => {
  const read = list(text({ max: 255 }))(value, attr, context);
  return [...new Set((Array.isArray(read) ? read : []).map((tag) => textOf(tag).toLowerCase()))];
};

/** DRF DecimalField: stored and returned as a string with a fixed number of decimals (API facts 4.5). */
export function decimal(rules: { digits: number; places: number; min?: number; max?: number }): Reader {
  return (value, attr) => {
    const written = typeof value === 'number' ? numberText(value) : isNumber(value) ? digitsOf(value) : value;
    if (typeof written === 'string' && written.length > 1000) {
      throw invalid('String value too large.', attr, 'max_string_length');
    }
    const match = typeof written === 'string' ? /^\s*([-+]?)(\d*)(?:\.(\d*))?\s*$/.exec(written) : null;
    if (!match || (!match[2] && !match[3])) {
      throw invalid('A valid number is required.', attr);
    }
    checkPrecision(match[2] ?? '', match[3] ?? '', rules, attr);
    const number = Number(match[0]);
    if (rules.max !== undefined && number > rules.max) {
      throw invalid(`Ensure this value is less than or equal to ${rules.max}.`, attr, 'max_value');
    }
    if (rules.min !== undefined && number < rules.min) {
      throw invalid(`Ensure this value is greater than or equal to ${rules.min}.`, attr, 'min_value');
    }
    return number.toFixed(rules.places);
  };
}

function numberText(value: number): string {
  const plain = String(value);
  return plain.includes('e') ? value.toFixed(20).replace(/0+$/, '') : plain;
}

function checkPrecision(
  whole: string,
  fraction: string,
  rules: { digits: number; places: number },
  attr: string,
): void {
  const wholeDigits = whole.replace(/^0+/, '').length;
  const totalDigits = wholeDigits === 0 ? fraction.length : wholeDigits + fraction.length;
  if (totalDigits > rules.digits) {
    throw invalid(`Ensure that there are no more than ${rules.digits} digits in total.`, attr, 'max_digits');
  }
  if (fraction.length > rules.places) {
    throw invalid(
      `Ensure that there are no more than ${rules.places} decimal places.`,
      attr,
      'max_decimal_places',
    );
  }
  const wholeLimit = rules.digits - rules.places;
  if (wholeDigits > wholeLimit) {
    throw invalid(
      `Ensure that there are no more than ${wholeLimit} digits before the decimal point.`,
      attr,
      'max_whole_digits',
    );
  }
}

/** DRF TimeField, returned as `HH:MM:SS`. */
export const time: Reader = (value, attr) => {
  const match =
    typeof value === 'string' ? /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?Z?$/.exec(value) : null;
  const [hours, minutes, seconds] = [match?.[1], match?.[2], match?.[3] ?? '00'].map(Number);
  if (!match || (hours ?? 24) > 23 || (minutes ?? 60) > 59 || (seconds ?? 60) > 59) {
    throw invalid('Time has wrong format. Use one of these formats instead: hh:mm[:ss[.uuuuuu]].', attr);
  }
  return `${(match[1] ?? '').padStart(2, '0')}:${match[2] ?? '00'}:${match[3] ?? '00'}`;
};

/** A JSON column that the server doesn't validate. */
export const anyJson: Reader = (value) => value;

/** A JSON object column. */
export function object(detail: string): (value: JsonValue, attr: string) => JsonObject {
  return (value, attr) => {
    if (!isJsonObject(value)) {
      throw invalid(detail, attr);
    }
    return value;
  };
}

/** The error for null in a field that isn't nullable. */
export function nullRefused(attr: string): ApiError {
  return invalid('This field may not be null.', attr, 'null');
}
