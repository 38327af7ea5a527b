/**
 * The title of a code lens that begins with an icon. VS Code lays lenses out in a way that drops an ordinary space
 * after the icon.
 */
export const lensTitle = (icon: string, text: string): string => `$(${icon})\u00a0${text}`;
