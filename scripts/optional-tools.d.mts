export interface OptionalTool {
  readonly commands: readonly string[];
  readonly debianPackage: string;
  readonly usedFor: string;
}
export type OptionalToolName = 'git' | 'chromium' | 'faketime';
export declare const optionalTools: Readonly<Record<OptionalToolName, OptionalTool>>;
export declare function pathOfTool(name: OptionalToolName): string | undefined;
