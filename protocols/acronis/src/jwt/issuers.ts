/** Who may sign request tokens, and where its keys are. The token only chooses among these rows. */
export interface TokenIssuer {
  /** `iss`, exactly. */
  readonly issuer: string;
  readonly keysUrl: string;
  /** One of these must be in `aud` when there is one. */
  readonly audiences: readonly string[];
}

/** The two names that Acronis' documentation has (CyberApp 2.4, 11.3). */
export const TOKEN_ISSUERS: readonly TokenIssuer[] = ['https://acronis.cloud', 'https://cloud.acronis.com'].map((issuer) =>
  tokenIssuer(issuer, `${issuer}/api/idp/v1/keys`),
);

/** A row of one's own; its audience is the host of the issuer. */
export function tokenIssuer(issuer: string, keysUrl: string): TokenIssuer {
  return { issuer, keysUrl, audiences: [new URL(issuer).host] };
}
