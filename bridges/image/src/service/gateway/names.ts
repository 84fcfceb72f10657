/** Common name of the certificate by which agents know a gateway. */
export const GATEWAY_NAME = 'fairlead-gateway';
