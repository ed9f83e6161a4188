/** To be copied into a shell: quoted where a shell would take it for something else. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./@%+=:,][A-Za-z0-9_./@%+=:,-]*$/.test(text)
    ? text
    : `'${text.replaceAll("'", "'\\''")}'`;
}
