/** Whether a secret may be used by an element (`domain/solution/element`). */
export type SecretStatus = (name: string, element: string) => 'ok' | 'missing' | 'forbidden';
export interface AcceptedModel {
  readonly kind: 'model';
}
