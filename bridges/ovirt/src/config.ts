/** The settings of this bridge as its parts read them. */
export interface OvirtSettings {
  readonly inventoryRefreshMs: number;
}
