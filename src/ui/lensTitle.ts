/**
 * The title of a code lens that starts with an icon. VS Code's layout of lenses drops an ordinary space after the icon.
 */
export const lensTitle = (icon: string, text: string): string => `$(${icon})\u00a0${text}`;
