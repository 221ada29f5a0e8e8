import { Global, Module } from '@nestjs/common';
import { Admission } from './admission.js';
import { BareConnections } from './bare-connections.js';

/** Who may come in, and how much of them at once. Global, because sockets are admitted elsewhere. */
@Global()
@Module({ providers: [Admission, BareConnections], exports: [Admission, BareConnections] })
export class AdmissionModule {}
