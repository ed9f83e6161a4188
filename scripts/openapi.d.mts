/** GitHub's description, as JSON (OpenAPI 3.0); only where it was installed. */
export declare const description: string;
/** Gitea's, as types that were made of its own description; only where it was installed. */
export declare const giteaTypes: string;
/** Does nothing where they are there already. */
export declare function installDescriptions(): Promise<void>;
