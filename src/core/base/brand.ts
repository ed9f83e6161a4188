declare const brand: unique symbol;

/** A string that was parsed once and may be trusted from then on. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
