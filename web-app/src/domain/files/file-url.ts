/** Where a file is served: a path of this server, with its name at the end for whoever saves it. */
export function fileUrl({ key, name }: { key: string; name: string }): string {
  return `/files/${key}/${encodeURIComponent(name)}`;
}
