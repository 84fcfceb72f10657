import { realpath, stat } from 'node:fs/promises';
import { ImageError } from '../../errors.ts';
import { isBelow } from '../../map/image-path.ts';

/** The folders in which images may be opened. */
export class ImagePlaces {
  readonly #roots: readonly string[];

  constructor(roots: readonly string[]) {
    this.#roots = roots;
  }

  /**
   * The real path of an image: no link may lead out of the roots. Throws `IMAGE_PATH_FORBIDDEN`, `IMAGE_NOT_FOUND`.
   * A path that does not exist is refused as forbidden when it is outside by its name alone, so that nothing can be probed there.
   */
  async resolve(path: string): Promise<string> {
    const roots = await Promise.all(this.#roots.map((root) => realpath(root).catch(() => root)));
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined) {
      const named = isBelow([...this.#roots, ...roots], path) && !path.split('/').includes('..');
      throw ImageError(named ? 'IMAGE_NOT_FOUND' : 'IMAGE_PATH_FORBIDDEN', { path });
    }
    if (!isBelow(roots, real)) throw ImageError('IMAGE_PATH_FORBIDDEN', { path });
    const facts = await stat(real);
    if (!facts.isFile() && !facts.isBlockDevice()) throw ImageError('IMAGE_NOT_FOUND', { path });
    return real;
  }
}
