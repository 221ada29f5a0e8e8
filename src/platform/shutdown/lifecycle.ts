import { Injectable } from '@nestjs/common';

/** Whether this process takes new work. Readiness, handshakes and upgrades look here. */
@Injectable()
export class Lifecycle {
  private draining = false;

  get isDraining(): boolean {
    return this.draining;
  }

  beginDrain(): void {
    this.draining = true;
  }
}
