/** The description, as JSON (OpenAPI 3.0); only where it was installed. */
export declare const description: string;
/** Does nothing where it is there already. */
export declare function installDescription(): Promise<void>;
