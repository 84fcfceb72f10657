/** Of the gateway, as VERSION tells it. */
export const VERSION = '0.1.0';
export const CSCP_VERSION = '0.99';
