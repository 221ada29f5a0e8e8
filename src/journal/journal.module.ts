import { Global, Module } from '@nestjs/common';
import { BodyFingerprints } from './body-fingerprints.js';
import { FanOut } from './fan-out.js';
import { Journal } from './journal.js';
import { JournalRepository } from './journal.repository.js';
import { Resumption } from './resumption.js';

@Global()
@Module({
  providers: [Journal, JournalRepository, FanOut, Resumption, BodyFingerprints],
  exports: [Journal, JournalRepository, FanOut, Resumption, BodyFingerprints],
})
export class JournalModule {}
