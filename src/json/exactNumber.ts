/** Digits without sign, point and surrounding zeros, and the power of ten of the last one. */
function significant(literal: string): string {
  const [mantissa = '', exponent = '0'] = literal.toLowerCase().replace('-', '').split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '0' : `${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}

/** Whether a JSON number literal comes back unchanged from a double: 9007199254740993 and 1e999 do not. */
export function exactNumber(literal: string): boolean {
  // Fifteen digits always survive.
  if (/^-?[\d.]{1,15}$/.test(literal)) {
    return true;
  }
  const value = Number(literal);
  return Number.isFinite(value) && significant(literal) === significant(String(value));
}
