import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** From where somebody has acted. */
export interface AuditedDevice {
  readonly address: string;
  readonly userAgent: string | null;
}

export const KEY_BYTES = 32;
const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts a device (AES-256-GCM, NIST SP 800-38D: nonce, tag, ciphertext). It opens for the event with this id alone. */
export function sealDevice({ address, userAgent }: AuditedDevice, key: Buffer, eventId: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(eventId));
  const text = Buffer.concat([cipher.update(JSON.stringify([address, userAgent]), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** Null when it was sealed with another key, such as one that was destroyed since, or for another event, or was changed. */
export function openDevice(sealed: Buffer, key: Buffer, eventId: string): AuditedDevice | null {
  try {
    return open(sealed, key, eventId);
  } catch {
    // One that cannot be opened must not hide the other events of the list.
    return null;
  }
}

function open(sealed: Buffer, key: Buffer, eventId: string): AuditedDevice {
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES }).setAAD(Buffer.from(eventId));
  decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const text = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
  const [address, userAgent] = JSON.parse(text) as [string, string | null];
  return { address, userAgent };
}
