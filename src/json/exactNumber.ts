/** The digits without sign, point, and surrounding zeros, and the power of ten of the last digit. */
function significant(literal: string): string {
  const [mantissa = '', exponent = '0'] = literal.toLowerCase().replace('-', '').split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '0' : `${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}

/** Whether a double keeps a JSON number literal exactly: not 9007199254740993 or 1e999. */
export function exactNumber(literal: string): boolean {
  // A double always keeps fifteen digits.
  if (/^-?[\d.]{1,15}$/.test(literal)) {
    return true;
  }
  const value = Number(literal);
  return Number.isFinite(value) && significant(literal) === significant(String(value));
}
