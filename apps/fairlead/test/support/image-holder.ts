import { systemClock } from '@fairlead/kernel/clock';
import { LocalImage } from '../../src/backup/local-image.ts';

/** Opens an image, says so, and waits to be killed. */
await LocalImage.open(process.argv[2] ?? '', { readOnly: false, clock: systemClock });
process.send?.('open');
