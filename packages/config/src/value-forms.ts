/** What values of several settings look like. */

export const HOST_NAME = /^[A-Za-z0-9._-]+$|^\[?[0-9A-Fa-f:.]+\]?$/;

/** host:port */
export const ADDRESS = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/;

/** Of a file or folder. */
export const FILE = /^[^\0]+$/;
export const PORTS = { min: 0, max: 65_535 };
