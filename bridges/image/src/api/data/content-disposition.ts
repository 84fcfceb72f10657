/**
 * As the real daemon: the name in raw UTF-8 without quotes (imageio 2.4). What could end the header or be misread is replaced, and names beyond
 * ASCII are given once more as RFC 6266 4.3 says. Node writes headers as Latin-1, so the bytes travel as such characters.
 */
export function contentDisposition(filename: string | undefined): string {
  if (filename === undefined) return 'attachment';
  const clean = filename.toWellFormed().replace(/[\p{Cc}"\\;]/gu, '_');
  const raw = Buffer.from(clean, 'utf8').toString('latin1');
  const plain = `attachment; filename=${raw}`;
  return raw === clean ? plain : `${plain}; filename*=UTF-8''${encodeURIComponent(clean)}`;
}
